import { basename, extname } from 'node:path';
import { ConfigError } from '../core/errors.js';
import type { DecisionName } from '../core/records.js';
import { readPurifiedList } from '../workspace/purified-list.js';
import type { Workspace } from '../workspace/workspace.js';
import { decisionRecord } from '../formats/annotations/decision-table.js';
import type { ExportedDecision, OutFile } from '../formats/annotations/format.js';
import { decisionFormats } from '../formats/annotations/formats.js';
import { writeNamesFile } from '../formats/annotations/names-file.js';

export interface ExportOptions {
  /** What the export is called. */
  name?: string;
  /** Only these decisions; all when undefined. */
  only?: readonly DecisionName[];
  /** In parts of so many decisions, numbered in their names; in one when undefined. */
  chunk?: number;
  urlPrefix?: string;
  /** For a spreadsheet: no cell is computed. */
  spreadsheetSafe?: boolean;
}

export interface ExportedDecisions {
  /** In the order they were written in; what belongs beside a part comes after it. */
  files: OutFile[];
  rows: number;
  /** Verdicts on names that hold: in a file beside the export when that has a name. */
  names: number;
}

/** Decisions of the current sift run, sorted by path. @throws MissingStageError, FormatError, ConfigError */
export async function exportDecisions(
  workspace: Workspace,
  formatName: string,
  { name, only, chunk, urlPrefix = '', spreadsheetSafe = false }: ExportOptions = {},
): Promise<ExportedDecisions> {
  const format = decisionFormats.find((known) => known.name === formatName)!;
  if (spreadsheetSafe && !format.forSpreadsheets)
    throw new ConfigError(`--spreadsheet-safe is for tables that a spreadsheet opens; ${formatName} is none.`, [
      `Formats that it is for: ${decisionFormats.flatMap((known) => (known.forSpreadsheets ? known.name : [])).join(', ')}.`,
    ]);
  const called = basename(name ?? `decisions${format.endings[0]}`);
  const { images, siftRun, names } = readPurifiedList(workspace);
  const decisions = images
    .filter(({ decision }) => !only || only.includes(decision))
    .map((decided): ExportedDecision => {
      const { width, height } = decided.image;
      return { record: decisionRecord(decided, siftRun), width: width ?? 0, height: height ?? 0 };
    });
  const parts = chunk === undefined ? [decisions] : partsOf(decisions, chunk);
  const files = new Map<string, OutFile>(); // what goes beside is the same for all parts
  for (const [i, part] of parts.entries()) {
    const partName = chunk === undefined ? called : numbered(called, i + 1, parts.length);
    for (const file of await format.write(part, { name: partName, urlPrefix, spreadsheetSafe }))
      files.set(file.name, file);
  }
  // An export without a name goes to stdout, where nothing can lie beside it.
  const beside = name === undefined ? [] : writeNamesFile(called, names.verdicts);
  return { files: [...files.values(), ...beside], rows: decisions.length, names: names.verdicts.length };
}

function partsOf<T>(rows: readonly T[], size: number): T[][] {
  const count = Math.max(1, Math.ceil(rows.length / size));
  return Array.from({ length: count }, (_, i) => rows.slice(i * size, (i + 1) * size));
}

/** `to-review.json` -> `to-review-03.json`: as wide as the last number. */
function numbered(name: string, number: number, count: number): string {
  const ending = extname(name);
  return `${name.slice(0, name.length - ending.length)}-${String(number).padStart(String(count).length, '0')}${ending}`;
}
