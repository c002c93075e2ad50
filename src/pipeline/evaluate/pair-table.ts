import { existsSync, readFileSync } from 'node:fs';
import { writePrivately } from '../../core/atomic-write.js';
import { MissingStageError } from '../../core/errors.js';
import { type CsvCell, readCsv, writeCsv, writeSpreadsheetCsv } from '../../formats/csv.js';
import type { Workspace } from '../../workspace/workspace.js';
import { foldBounds } from '../../metrics/fold-accuracy.js';
import type { RunName } from './measure-pairs.js';
import type { PairMeasures } from '../../metrics/pair-measures.js';

/** Every pair with what each run makes of it: the raw cosine, the quality, and the score that was asked for. */
export interface PairTable {
  names: readonly (readonly [string, string])[];
  runs: { name: RunName; measures: PairMeasures; scores: Float64Array }[];
}

/** Where `evaluate` leaves the pairs of the work called `key`. */
export const pairTableFile = (workspace: Workspace, key: string): string =>
  workspace.file('reports', `${key}-pairs.csv`);

export function writePairTable(file: string, { names, runs }: PairTable, folds: number): void {
  const { same } = runs[0].measures;
  const columns = runs.flatMap(({ name }) => [`cosine_${name}`, `quality_${name}`, `score_${name}`]);
  const foldOf = foldBounds(same.length, Math.min(folds, same.length)).flatMap(([from, to], fold) =>
    new Array<number>(to - from).fill(fold),
  );
  const rows = names.map(([first, second], pair) => ({
    ...{ first, second, same: same[pair] ? 1 : 0, fold: foldOf[pair] },
    ...Object.fromEntries(
      runs.flatMap(({ name, measures, scores }) => [
        [`cosine_${name}`, String(measures.cosines[pair])],
        [`quality_${name}`, String(measures.qualities[pair])],
        [`score_${name}`, String(scores[pair])],
      ]),
    ),
  }));
  writePrivately(file, writeCsv(['first', 'second', 'same', 'fold', ...columns], rows));
}

/** Such a file for a spreadsheet: names that it would compute begin with an apostrophe, figures are numbers. */
export function spreadsheetTable(file: string): string {
  const rows = readCsv(readFileSync(file, 'utf8'), file);
  const columns = Object.keys(rows[0] ?? {});
  const cellOf = (column: string, text: string): CsvCell => (NAMES.has(column) ? text : Number(text));
  return writeSpreadsheetCsv(
    columns,
    rows.map((row) => Object.fromEntries(columns.map((column) => [column, cellOf(column, row[column])]))),
  );
}

const NAMES: ReadonlySet<string> = new Set(['first', 'second']);

/** Scores of each run out of such a file, by the run's name. @throws MissingStageError when it was deleted */
export function readPairScores(file: string): { same: boolean[]; scores: Map<RunName, Float64Array> } {
  if (!existsSync(file))
    throw new MissingStageError(`The pairs of this evaluation are not in the workspace any more.`, [
      'The same command with --force makes them again.',
    ]);
  const rows = readCsv(readFileSync(file, 'utf8'), file);
  const names = Object.keys(rows[0] ?? {}).filter((column) => column.startsWith('score_'));
  return {
    same: rows.map(({ same }) => same === '1'),
    scores: new Map(
      names.map((column) => [
        column.slice('score_'.length) as RunName,
        Float64Array.from(rows, (row) => Number(row[column])),
      ]),
    ),
  };
}
