import { spawnSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { exportDecisions } from '../../src/pipeline/export-decisions.js';
import { importDecisions } from '../../src/pipeline/import-decisions.js';
import { currentVerdicts } from '../../src/workspace/verdicts.js';
import { type Decided, decidedWorkspace } from '../helpers/decided-workspace.js';
import { portrait, temporaryFolder, writeFiles } from '../helpers/tiny-crawl.js';

/** A Python with `label-studio-sdk`, `datumaro` and `pyarrow`, and one with `fiftyone`: .ci/run makes the first. */
const python = process.env.FACESIEVE_ANNOTATION_REFEREES;
const fiftyone = process.env.FACESIEVE_FIFTYONE;

interface Referee {
  tool: string;
  python: string | undefined;
  format: string;
  /** What the export is called, and what the tool leaves. */
  file: string;
  answer: string;
  /** Listings know no guesses. */
  showsGuesses?: boolean;
}

const referees: Referee[] = [
  { tool: 'label-studio', python, format: 'label-studio', file: 'd.json', answer: 'result.json' },
  { tool: 'label-studio-min', python, format: 'label-studio', file: 'd.json', answer: 'result.json' },
  { tool: 'label-studio-csv', python, format: 'label-studio', file: 'd.json', answer: 'result.csv' },
  { tool: 'label-studio-tsv', python, format: 'label-studio', file: 'd.json', answer: 'result.tsv' },
  { tool: 'cvat', python, format: 'cvat', file: 'd.xml', answer: 'default.xml' },
  { tool: 'imagenet-txt', python, format: 'cvat', file: 'd.zip', answer: '.', showsGuesses: false },
  { tool: 'imagenet', python, format: 'cvat', file: 'd.xml', answer: '.' },
  { tool: 'parquet', python, format: 'parquet', file: 'd.parquet', answer: 'result.parquet' },
  { tool: 'fiftyone', python: fiftyone, format: 'fiftyone', file: 'd.json', answer: 'labels.json' },
];

const decided: Decided[] = [
  { path: 'A/1.jpg', decision: 'keep' },
  { path: 'A/2.jpg', decision: 'review' },
  { path: 'Bo & "Co" 😀/3 of 4.jpg', decision: 'drop' },
  { path: 'B/4.jpg', decision: 'relabel', suggestedIdentity: 'A' },
  { path: 'B/5.jpg', decision: 'hard' },
  { path: 'B/6.jpg', decision: 'duplicate' },
];
const verdicts = {
  'A/1.jpg': { verdict: 'drop', identity: null },
  'A/2.jpg': { verdict: 'relabel', identity: 'Zoë & Co' },
  'Bo & "Co" 😀/3 of 4.jpg': { verdict: 'hard', identity: null },
  'B/5.jpg': { verdict: 'duplicate', identity: null },
  'B/6.jpg': { verdict: 'keep', identity: null },
};

describe.each(referees)('$tool', ({ tool, python: executable, format, file, answer, showsGuesses = true }) => {
  it.skipIf(!executable)('reads what we write, and we read what it writes', async () => {
    const folder = temporaryFolder();
    const quotes = tool === 'imagenet-txt'; // which its lists cannot hold
    const named = (path: string): string => (quotes ? path.replaceAll('"', "'") : path);
    const rows = decided.map((row) => ({ ...row, path: named(row.path) }));
    const given = Object.fromEntries(Object.entries(verdicts).map(([path, said]) => [named(path), said]));
    for (const { path } of rows) writeFiles(join(folder, 'images'), { [path]: await portrait('A', path) });
    const workspace = decidedWorkspace(temporaryFolder(), rows);
    const { files } = await exportDecisions(workspace, format, { name: file });
    for (const { name, content } of files) writeFileSync(join(folder, name), content);
    if (file.endsWith('.zip')) writeFiles(folder, unzipSync(files[0].content as Uint8Array));

    const out = join(temporaryFolder(), 'out');
    const script = join(import.meta.dirname, '../golden/annotation-referees.py');
    const input = JSON.stringify(given);
    const ran = spawnSync(executable!, [script, tool, folder, out], { encoding: 'utf8', input });
    expect(ran.status, ran.stderr).toBe(0);
    const seen = JSON.parse(ran.stdout.trim().split('\n').at(-1)!) as Record<string, string>;
    expect(seen).toEqual(
      Object.fromEntries(rows.map(({ path, decision }) => [path, showsGuesses ? decision : 'review'])),
    );

    const imported = await importDecisions(workspace, join(out, answer), 'bob');
    expect(imported, readdirSync(out).join()).toMatchObject({ changed: Object.keys(given).length, unknown: 0 });
    const held = [...currentVerdicts(workspace)].map(([path, { verdict, identity }]) => [path, { verdict, identity }]);
    expect(Object.fromEntries(held)).toEqual(given);
    expect((await importDecisions(workspace, join(out, answer), 'bob')).changed).toBe(0);
  });
});
