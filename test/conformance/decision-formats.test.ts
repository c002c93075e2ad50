import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeAtomically } from '../../src/core/atomic-write.js';
import { decisionColumns } from '../../src/formats/annotations/decision-table.js';
import { exportDecisions, type ExportOptions } from '../../src/pipeline/export-decisions.js';
import { decisionFormatNames } from '../../src/formats/annotations/formats.js';
import { importDecisions } from '../../src/pipeline/import-decisions.js';
import { openParquet } from '../../src/formats/dataset/parquet-rows.js';
import { currentVerdicts } from '../../src/workspace/verdicts.js';
import type { Workspace } from '../../src/workspace/workspace.js';
import { readCsv } from '../../src/formats/csv.js';
import { type Filled, tools, type Tool, type Verdicts } from '../helpers/annotation-tools.js';
import { type Decided, decidedWorkspace } from '../helpers/decided-workspace.js';
import { temporaryFolder } from '../helpers/tiny-crawl.js';

const odd = 'O"Hara, \n😀/2 & <3>.jpg';
const decided: Decided[] = [
  { path: 'A/1.jpg', decision: 'keep' },
  { path: 'A/2.jpg', decision: 'review' },
  { path: 'A/3 of 4.jpg', decision: 'drop', pNoise: 0.97 },
  { path: 'A/4.jpg', decision: 'relabel', suggestedIdentity: 'B', pNoise: 0.9 },
  { path: 'B/1.jpg', decision: 'duplicate', pNoise: null },
  { path: 'B/2.png', decision: 'hard' },
  { path: 'B/3.png', decision: 'drop' },
  { path: odd, decision: 'review' },
];
const said = (verdict: Filled['verdict'], identity: string | null = null): Filled => ({ verdict, identity });
const verdicts: Verdicts = new Map([
  ['A/1.jpg', said('drop')],
  ['A/2.jpg', said('relabel', 'Zoë & "Co" <x>')],
  ['A/4.jpg', said('keep')],
  ['B/1.jpg', said('hard')],
  ['B/2.png', said('duplicate')],
  ['B/3.png', said('drop')], // as was decided: agreeing is an answer too
  [odd, said('relabel', 'B')],
]);

const without = (cannotHold: RegExp | undefined): { rows: Decided[]; given: Verdicts } => {
  const holds = (path: string): boolean => !cannotHold?.test(path);
  const asHeld = new Map([...verdicts].filter(([path]) => holds(path)));
  if (cannotHold) asHeld.set('A/2.jpg', said('relabel', 'Zoë & Co'));
  return { rows: decided.filter(({ path }) => holds(path)), given: asHeld };
};

async function exported(workspace: Workspace, format: string, options: ExportOptions): Promise<string[]> {
  const folder = temporaryFolder();
  const { files } = await exportDecisions(workspace, format, options);
  for (const { name, content } of files) writeAtomically(join(folder, name), content);
  return files.map(({ name }) => join(folder, name));
}

const held = (workspace: Workspace): Verdicts =>
  new Map([...currentVerdicts(workspace)].map(([path, { verdict, identity }]) => [path, { verdict, identity }]));

async function reviewed(tool: Tool, rows: readonly Decided[], given: Verdicts) {
  const workspace = decidedWorkspace(temporaryFolder(), rows);
  const [file] = await exported(workspace, tool.format, { name: tool.file });
  return { workspace, file: await tool.fill(file, given) };
}

describe.each(tools)('verdicts by way of $name', (tool) => {
  it('are those that were given, once', async () => {
    const { rows, given } = without(tool.cannotHold);
    const { workspace, file } = await reviewed(tool, rows, given);
    expect(await importDecisions(workspace, file, 'bob')).toMatchObject({
      ...{ rows: given.size, changed: given.size, names: 0, unknown: 0, unknownPaths: [] },
    });
    expect(Object.fromEntries(held(workspace))).toEqual(Object.fromEntries(given));
    expect((await importDecisions(workspace, file, 'bob')).changed).toBe(0);
    const spreadsheet = await reviewed(tools[0], rows, given);
    await importDecisions(spreadsheet.workspace, spreadsheet.file, 'bob');
    expect(held(workspace)).toEqual(held(spreadsheet.workspace));
  });

  it('on other images are counted and named', async () => {
    const { rows, given } = without(tool.cannotHold);
    const { file } = await reviewed(tool, rows, given);
    const other = decidedWorkspace(temporaryFolder(), [decided[0]], '/crawl');
    const { rows: taken, unknown, unknownPaths } = await importDecisions(other, file, 'bob');
    expect([taken, unknown]).toEqual([1, given.size - 1]);
    expect(unknownPaths.some((path) => path.includes('A/2.jpg'))).toBe(true);
  });
});

describe.each(decisionFormatNames)('an export as %s', (format) => {
  const again = tools.find((tool) => tool.format === format)!;

  it('says nothing that nobody said, and gives back what was', async () => {
    const workspace = decidedWorkspace(temporaryFolder(), decided);
    const [untouched] = await exported(workspace, format, { name: again.file });
    expect(await importDecisions(workspace, untouched, 'bob')).toMatchObject({ rows: 0, unknown: 0 });
    await importDecisions(workspace, await again.fill(untouched, verdicts), 'bob');
    const [reviewed] = await exported(workspace, format, { name: again.file });
    expect(await importDecisions(workspace, reviewed, 'bob')).toMatchObject({ rows: verdicts.size, changed: 0 });
  });

  it('holds the chosen decisions, in parts', async () => {
    const workspace = decidedWorkspace(temporaryFolder(), decided);
    const { files, rows } = await exportDecisions(workspace, format, {
      only: ['review', 'drop'],
      chunk: 3,
      name: again.file,
    });
    expect(rows).toBe(4);
    const parts = files.filter(({ name }) => name.startsWith('d-'));
    expect(parts.map(({ name }) => name)).toEqual(['d-1', 'd-2'].map((stem) => again.file.replace('d', stem)));
    expect(new Set(files.map(({ name }) => name)).size).toBe(files.length);
  });

  it('takes nothing when one row is broken, and says which', async () => {
    const broken = new Map(verdicts).set('B/2.png', { verdict: 'dorp' as Filled['verdict'], identity: null });
    const { workspace, file } = await reviewed(again, decided, broken);
    await expect(importDecisions(workspace, file, 'bob')).rejects.toThrow(
      new RegExp(`${file}.*(row|image|task|").*"dorp" is not a verdict`),
    );
    const nobody = new Map(verdicts).set('A/2.jpg', { verdict: 'relabel', identity: null });
    const relabelled = await reviewed(again, decided, nobody);
    await expect(importDecisions(relabelled.workspace, relabelled.file, 'bob')).rejects.toThrow(/name of the identity/);
    expect(held(workspace).size + held(relabelled.workspace).size).toBe(0);
  });

  it('that is cut short is refused by its name', async () => {
    const workspace = decidedWorkspace(temporaryFolder(), decided);
    const [file] = await exported(workspace, format, { name: again.file });
    const bytes = readFileSync(file);
    writeFileSync(file, bytes.subarray(0, bytes.length - 20));
    const cut = importDecisions(workspace, file, 'bob');
    await expect(cut).rejects.toMatchObject({ name: 'FormatError', message: expect.stringContaining(file) });
  });
});

describe('the tables', () => {
  it('hold every column of the contract; parquet has numbers where there are some', async () => {
    const workspace = decidedWorkspace(temporaryFolder(), decided);
    const [csv] = await exported(workspace, 'csv', {});
    const [parquet] = await exported(workspace, 'parquet', {});
    const { columns, rows } = await openParquet(parquet);
    expect(columns).toEqual([...decisionColumns]);
    const read: Record<string, unknown>[] = [];
    for await (const row of rows(columns)) read.push(row);
    expect(read.every(({ cos_dominant }) => cos_dominant === 0.5)).toBe(true);
    const asText = read.map((row) => Object.fromEntries(columns.map((name) => [name, String(row[name] ?? '')])));
    expect(asText).toEqual(readCsv(readFileSync(csv, 'utf8'), csv));
  });
});
