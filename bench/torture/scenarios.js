import { needle, otherNeedle } from './crawl.js';
import { tiny, whole } from './states.js';

const formats = ['recordio', 'webdataset', 'lst', 'csv', 'jsonl', 'parquet'];
const run = (name, state, ...argv) => ({ name, state, steps: [argv] });

/** `old`: the folder of a set that must be there whole, as it was or as it is to be, whatever happens. */
const replacing = (scenario) => ({ ...scenario, old: 'clean' });
/** What `forget` is told to remove, so that its rows may be gone. */
const forgetting = (scenario, ...names) => ({ ...scenario, forgotten: names });

/**
 * What is tried: a state of the arena, and the command that meets the fault. Further `steps` are run without a fault
 * between the failed command and its repetition.
 */
export const scenarios = [
  run('ingest', 'crawl', 'ingest', '@/crawl', ...whole),
  run('ingest again', 'reviewed', 'ingest', '@/crawl', ...whole, '--force'),
  run('train', 'ingested', 'train', ...tiny),
  run('embed', 'trained', 'embed'),
  run('embed again', 'reviewed', 'embed', '--force'),
  run('sift', 'embedded', 'sift'),
  run('sift again', 'reviewed', 'sift', '--config', '@/unsure.json'),
  run('retrain', 'purified', 'retrain', ...tiny),
  run('purify', 'imported', 'purify', '--out', '@/clean', '--mode', 'link'),
  run('purify copy', 'imported', 'purify', '--out', '@/clean', '--mode', 'copy'),
  run('purify hardlink', 'imported', 'purify', '--out', '@/clean', '--mode', 'hardlink'),
  run('purify crops', 'imported', 'purify', '--out', '@/clean', '--crops'),
  ...formats.map((format) => run(`purify ${format}`, 'imported', 'purify', '--out', '@/clean', '--format', format)),
  replacing(run('purify replace', 'reviewed', 'purify', '--out', '@/clean', '--mode', 'copy')),
  replacing(run('purify replace link', 'linked', 'purify', '--out', '@/clean', '--mode', 'link')),
  replacing(run('purify overwrite', 'reviewed', 'purify', '--out', '@/clean', '--mode', 'link', '--overwrite')),
  replacing(run('purify replace webdataset', 'sharded', 'purify', '--out', '@/clean', '--format', 'webdataset')),
  replacing(run('purify incremental', 'reviewed', 'purify', '--out', '@/clean', '--mode', 'copy', '--incremental')),
  run('decisions import', 'sifted', 'decisions', 'import', '@/later.csv'),
  { ...run('decisions undo', 'imported', 'decisions', 'undo'), toggles: true },
  run('decisions export', 'imported', 'decisions', 'export', '--out', '@/decisions.csv'),
  forgetting(run('forget', 'finished', 'forget', needle, '--yes'), needle),
  forgetting(
    {
      name: 'forget, then another',
      state: 'finished',
      steps: [
        ['forget', needle, '--yes'],
        ['forget', otherNeedle, '--yes'],
      ],
    },
    needle,
    otherNeedle,
  ),
  run('evaluate', 'retrained', 'evaluate'),
  run(
    'evaluate truth',
    'retrained',
    'evaluate',
    '--truth',
    '@/truth.csv',
    '--scores-out',
    '@/scores.csv',
    '--plots',
    '@/plots',
  ),
  run('report', 'retrained', 'report'),
  run('report file', 'retrained', 'report', '--out', '@/page.html', '--gallery-images', '4'),
  { name: 'review verdict', state: 'unsure', steps: [['review']], review: { path: 'Cy/2.jpg', verdict: 'drop' } },
];

/** Tried by kills only: a fault inside of it is one of its stages' own. */
export const wholeRun = run('run', 'crawl', 'run', '@/crawl', ...whole, ...tiny, '--out', '@/clean', '--mode', 'copy');
