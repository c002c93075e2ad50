import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { writeAtomically } from '../../core/atomic-write.js';
import { PathError } from '../../core/errors.js';
import { detPlot } from '../../report/svg/det-plot.js';
import type { ErrorCurve } from '../../report/svg/error-curve.js';
import { rocPlot } from '../../report/svg/roc-plot.js';
import { networkTitles } from '../../workspace/results.js';
import type { RunName } from './measure-pairs.js';
import { readPairScores, spreadsheetTable } from './pair-table.js';
import { impostorsNeeded, operatingPoints, rank } from '../../metrics/roc.js';

export interface PairExports {
  /** CSV to write every pair to, with its scores. */
  scoresOut?: string;
  /** The CSV is for a spreadsheet: no name is computed. */
  spreadsheetSafe?: boolean;
  /** Folder for the ROC and DET curves, as SVG. */
  plots?: string;
}

/** Says so before the work, not after it, when what is asked for cannot be written. @throws PathError */
export function checkExports({ scoresOut, plots }: PairExports): void {
  const typeOf = (path: string) => statSync(path, { throwIfNoEntry: false });
  if (scoresOut !== undefined && (scoresOut === '' || typeOf(scoresOut)?.isDirectory()))
    throw new PathError(`--scores-out names the CSV to write, and "${scoresOut}" is not the name of a file.`);
  if (plots !== undefined && (plots === '' || typeOf(plots)?.isDirectory() === false))
    throw new PathError(`--plots names a folder, and "${plots}" is none.`);
}

/** Writes what was asked for, out of the pairs that `evaluate` left in `table`; curves of the networks in `told`. */
export function exportPairs(
  table: string,
  told: readonly RunName[],
  { scoresOut, spreadsheetSafe, plots }: PairExports,
): void {
  if (scoresOut === undefined && plots === undefined) return;
  const { same, scores } = readPairScores(table);
  if (scoresOut !== undefined)
    writeAtomically(scoresOut, spreadsheetSafe ? spreadsheetTable(table) : readFileSync(table));
  if (plots === undefined) return;
  const impostors = same.filter((answer) => !answer).length;
  if (impostors === 0 || impostors === same.length) return; // no curve without both kinds
  const curves = told.map((name): ErrorCurve => ({
    name: networkTitles[name],
    points: operatingPoints(rank(scores.get(name)!, same)),
  }));
  const supported = impostorsNeeded(1) / impostors;
  writeAtomically(join(plots, 'roc.svg'), rocPlot(curves, supported));
  writeAtomically(join(plots, 'det.svg'), detPlot(curves, supported));
}
