import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { writeAtomically } from '../../../src/core/atomic-write.js';
import { spreadsheetTable, writePairTable } from '../../../src/pipeline/evaluate/pair-table.js';
import { readCsv, writeCsv, writeSpreadsheetCsv } from '../../../src/formats/csv.js';
import { spreadsheetSafe, withoutApostrophe } from '../../../src/formats/spreadsheet-cell.js';
import { decisionColumns } from '../../../src/formats/annotations/decision-table.js';
import { exportDecisions } from '../../../src/pipeline/export-decisions.js';
import { decisionFormats } from '../../../src/formats/annotations/formats.js';
import { importDecisions } from '../../../src/pipeline/import-decisions.js';
import { currentVerdicts } from '../../../src/workspace/verdicts.js';
import type { Workspace } from '../../../src/workspace/workspace.js';
import { runInProcess } from '../../helpers/in-process.js';
import { decidedWorkspace } from '../../helpers/decided-workspace.js';
import { temporaryFolder } from '../../helpers/tiny-crawl.js';

const starts = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠', ' =', '\t=', '\u00a0@', "'=", "''-"];
const harmless = ['a=b', "'Ada", "O'Hara", 'x@y', '1-2', '', ' ', '"=1"', ';=1', "it's"];
const dangerous = starts.flatMap((start) => [`${start}1+1`, `${start}x,"y"`, `${start}a;b\nc`]);

/** Cells as csv-parse reads them. */
const cellsOf = (text: string): string[][] => parse(text, { from: 2 });

describe('a cell for a spreadsheet', () => {
  it.each(dangerous)('that would be computed begins with an apostrophe: %j', (cell) => {
    expect(cellsOf(writeSpreadsheetCsv(['a', 'b'], [{ a: cell, b: 'x' }]))).toEqual([[`'${cell}`, 'x']]);
    expect(withoutApostrophe(`'${cell}`)).toBe(cell);
  });

  it.each(harmless)('that would not is as it was: %j', (cell) => {
    expect(cellsOf(writeSpreadsheetCsv(['a', 'b'], [{ a: cell, b: 'x' }]))).toEqual([[cell, 'x']]);
  });

  it('that is a number stays one', () => {
    const text = writeSpreadsheetCsv(['a', 'b', 'c', 'd'], [{ a: -0.25, b: -1e-7, c: null, d: true }]);
    expect(text.split('\n')[1]).toBe('-0.25,-1e-7,,true');
  });

  it('stands in quotes, so that a program that divides at semicolons starts none inside', () => {
    expect(writeSpreadsheetCsv(['a'], [{ a: 'Ada;=1+1' }])).toContain('"Ada;=1+1"');
  });

  it('can be taken back whatever it was', () => {
    const piece = fc.constantFrom(...starts, ...harmless, "'", 'x');
    fc.assert(
      fc.property(
        fc.array(piece).map((pieces) => pieces.join('')),
        (text) => {
          const safe = spreadsheetSafe(text);
          expect(safe).not.toMatch(/^\s*[=+\-@＝＋－＠]|^[\t\r\n]/);
          expect(safe === text ? text : withoutApostrophe(safe)).toBe(text);
          if (safe === text) expect(withoutApostrophe(text)).toBeUndefined();
        },
      ),
    );
  });

  it('is in no table that was not asked to be safe', () => {
    const cells = dangerous.map((a) => ({ a, b: 'x' }));
    expect(cellsOf(writeCsv(['a', 'b'], cells))).toEqual(cells.map(({ a, b }) => [a, b]));
  });
});

const folders = starts.map((start) => `${start}cmd`);
const paths = folders.map((folder) => `${folder}/1.jpg`);
const workspaceOf = (chosen: readonly string[]): Workspace =>
  decidedWorkspace(
    temporaryFolder(),
    chosen.map((path) => ({ path, decision: 'review' as const })),
  );

type Row = Record<string, string>;

/** The export, with each row as `fill` leaves it. */
async function filled(workspace: Workspace, safe: boolean, fill: (row: Row, i: number) => Row): Promise<string> {
  const { files } = await exportDecisions(workspace, 'csv', { spreadsheetSafe: safe });
  const file = join(temporaryFolder(), 'decisions.csv');
  writeAtomically(file, files[0].content);
  const rows = readCsv(readFileSync(file, 'utf8'), file).map(fill);
  writeFileSync(file, writeCsv(Object.keys(rows[0]), rows));
  return file;
}
const drop = (row: Row): Row => ({ ...row, verdict: 'drop' });
const without = (row: Row): Row =>
  Object.fromEntries(Object.entries(row).filter(([column]) => column !== 'spreadsheet_safe'));
const said = (workspace: Workspace) =>
  [...currentVerdicts(workspace)].map(([path, { verdict, identity }]) => [path, verdict, identity]).sort();

describe('an export with --spreadsheet-safe', () => {
  it.each([true, false])(
    'comes back on the images that it was of, names without apostrophes (safe: %s)',
    async (safe) => {
      const workspace = workspaceOf(paths);
      const file = await filled(workspace, safe, (row, i) => ({
        ...row,
        verdict: 'relabel',
        suggested_identity: safe
          ? spreadsheetSafe(folders[(i + 1) % folders.length])
          : folders[(i + 1) % folders.length],
      }));
      expect(await importDecisions(workspace, file, 'bob')).toMatchObject({ rows: paths.length, unknown: 0 });
      const targets = said(workspace).map(([, , identity]) => identity);
      expect([...targets].sort()).toEqual(folders.map((folder) => folder.trim()).sort());
      expect(said(workspace).map(([path]) => path)).toEqual([...paths].sort());
    },
  );

  it('says in a column that it is safe, and computes nowhere', async () => {
    const { files } = await exportDecisions(workspaceOf(paths), 'csv', { spreadsheetSafe: true });
    const rows = readCsv(String(files[0].content), 'safe');
    expect(Object.keys(rows[0])).toEqual([...decisionColumns, 'spreadsheet_safe']);
    for (const row of rows)
      for (const cell of Object.values(row)) expect(cell).not.toMatch(/^\s*[=+@＝＋－＠]|^\s*-(?!\d)|^[\t\r\n]/);
    expect(rows[0].p_noise).toBe('0.25');
  });

  it('gives a new name its own spelling back', async () => {
    const workspace = workspaceOf(['=a/1.jpg']);
    const relabel = (row: Row): Row => ({ ...row, verdict: 'relabel', suggested_identity: "'+New" });
    await importDecisions(workspace, await filled(workspace, true, relabel), 'bob');
    expect(said(workspace)).toEqual([['=a/1.jpg', 'relabel', '+New']]);
  });

  it('is understood when a program dropped the apostrophes, or a person the column', async () => {
    for (const spoil of [
      (row: Row): Row => ({ ...row, path: row.path.replace(/^'/, '') }),
      (row: Row): Row => without(row),
    ]) {
      const workspace = workspaceOf(['=a/1.jpg', '-b/1.jpg', 'c/1.jpg']);
      const file = await filled(workspace, true, (row) => spoil(drop(row)));
      expect(await importDecisions(workspace, file, 'bob')).toMatchObject({ rows: 3, unknown: 0 });
    }
  });

  const twins = ["'=a/1.jpg", '=a/1.jpg'];

  it('of names that differ in an apostrophe comes back exactly, and so does the exact export', async () => {
    for (const safe of [true, false]) {
      const workspace = workspaceOf(twins);
      const verdicts = ['keep', 'drop'];
      const fill = (row: Row): Row => ({
        ...row,
        verdict: verdicts[twins.indexOf(safe ? row.path.slice(1) : row.path)],
      });
      await importDecisions(workspace, await filled(workspace, safe, fill), 'bob');
      expect(said(workspace)).toEqual([
        ["'=a/1.jpg", 'keep', null],
        ['=a/1.jpg', 'drop', null],
      ]);
    }
  });

  it('that may mean either of two images is refused, and a column settles it', async () => {
    const meant = (row: Row): Row => (row.path === "'=a/1.jpg" ? drop(row) : row);
    const workspace = workspaceOf(twins);
    const file = await filled(workspace, true, (row) => without(meant(row)));
    await expect(importDecisions(workspace, file, 'bob')).rejects.toThrow(
      /"'=a\/1.jpg" may be that name, or "=a\/1.jpg"/,
    );
    for (const [answer, path] of [
      ['yes', '=a/1.jpg'],
      ['no', "'=a/1.jpg"],
    ]) {
      const other = workspaceOf(twins);
      const settled = await filled(other, true, (row) => ({ ...meant(row), spreadsheet_safe: answer }));
      await importDecisions(other, settled, 'bob');
      expect(said(other)).toEqual([[path, 'drop', null]]);
    }
    const nonsense = await filled(workspace, true, (row) => ({ ...row, spreadsheet_safe: 'maybe' }));
    await expect(importDecisions(workspace, nonsense, 'bob')).rejects.toThrow(/row 1.*yes or no/);
  });

  it('tells by name what matched nothing, and why', async () => {
    const workspace = workspaceOf(['a/1.jpg']);
    const file = await filled(workspace, false, (row) => ({ ...drop(row), path: "'=gone/1.jpg" }));
    workspace.close();
    const { code, stderr } = await runInProcess('decisions import', [file, '-w', workspace.folder]);
    expect(code).toBe(2);
    expect(stderr).toContain('the file names "\'=gone/1.jpg');
    expect(stderr).toMatch(/begin with an apostrophe[^]*not images of this workspace either/);
  });

  it.each(decisionFormats.filter((format) => !format.forSpreadsheets))('is refused as $name', async ({ name }) => {
    const refused = exportDecisions(workspaceOf(['a/1.jpg']), name, { spreadsheetSafe: true });
    await expect(refused).rejects.toMatchObject({ name: 'ConfigError', suggestions: ['Formats that it is for: csv.'] });
  });
});

it('the table of scores has names that are not computed and figures that are numbers', () => {
  const file = join(temporaryFolder(), 'pairs.csv');
  const measures = { same: [true], cosines: [-0.5], qualities: [1], folds: [0] };
  const runs = [{ name: 'before' as const, measures: measures as never, scores: Float64Array.of(-0.25) }];
  writePairTable(file, { names: [['=a', '-3']], runs }, 1);
  expect(spreadsheetTable(file).split('\n')[1]).toBe(`"'=a","'-3",1,0,-0.5,1,-0.25`);
});
