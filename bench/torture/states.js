import { drawCrawl } from './crawl.js';

export const tiny = ['--backbone', 'plain-4', '--epochs', '2', '--batch-size', '16'];
export const whole = ['--align', 'none', '--size', '16'];
const exchange = (file, who) => ['decisions', 'import', `@/${file}`, '--reviewer', who];

/** Stands for the run that the command before has printed. */
const RUN = '(run)';

/** Each state of the arena, what it is made from, and the commands that make it. `@/` is the arena. */
const states = [
  ['ingested', 'crawl', [['ingest', '@/crawl', ...whole]]],
  ['trained', 'ingested', [['train', ...tiny]]],
  ['embedded', 'trained', [['embed']]],
  ['sifted', 'embedded', [['sift'], exchange('earlier.csv', 'grace')]],
  ['imported', 'sifted', [exchange('later.csv', 'ada')]],
  ['purified', 'sifted', [['purify', '--out', '@/clean', '--mode', 'copy']]],
  ['reviewed', 'purified', [exchange('later.csv', 'ada')]], // the set at clean is older than the verdicts
  ['linked', 'sifted', [['purify', '--out', '@/clean', '--mode', 'link'], exchange('later.csv', 'ada')]],
  ['sharded', 'sifted', [['purify', '--out', '@/clean', '--format', 'webdataset'], exchange('later.csv', 'ada')]],
  [
    'retrained',
    'purified',
    [
      ['retrain', ...tiny, '--json'],
      ['embed', '--run', RUN],
    ],
  ],
  // A removal that is done gives the workspace its salt, so that the next ones are the same bytes in every run.
  ['finished', 'retrained', [['evaluate'], ['report'], ['forget', 'Di/4.jpg', '--yes']]],
  ['unsure', 'sifted', [['sift', '--config', '@/unsure.json']]],
];

/** Whom each state needs before it. */
const before = new Map(states.map(([name, from]) => [name, from]));

/** Makes the states that `names` need. @throws Error if a command fails without a fault. */
export async function makeStates(arena, program, names) {
  const needed = new Set();
  for (let name of names) for (; name !== undefined; name = before.get(name)) needed.add(name);
  arena.empty();
  await drawCrawl(arena.folder);
  arena.save('crawl');
  for (const [name, from, commands] of states) {
    if (!needed.has(name)) continue;
    arena.load(from);
    let printed = '';
    for (const command of commands) {
      const words = command.map((word) => (word === RUN ? JSON.parse(printed).run : word));
      const argv = placed(arena, [...words, '-w', '@/ws']);
      const { code, stdout, stderr } = await program.call({ command: 'run', argv });
      printed = stdout;
      if (code !== 0) throw new Error(`facesieve ${argv.join(' ')} ended with ${code}: ${stderr}`);
    }
    arena.save(name);
  }
}

/** `@/` in arguments is the arena. */
export const placed = (arena, argv) => argv.map((word) => word.replace(/^@\//, `${arena.folder}/`));
