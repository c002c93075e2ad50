import { existsSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { FacesieveError, FormatError, PathError } from '../../core/errors.js';
import { readCsv } from '../../formats/csv.js';
import { MARK } from '../existing-set.js';
import type { LedgerRow } from '../ledger.js';
import type { Writer } from '../../formats/dataset/writer.js';
import { writers } from '../../formats/dataset/writers.js';
import { type Finding, finding } from './finding.js';

export const SHEET = 'datasheet.json';
const LEDGER = 'ledger.csv';
const LABELS = 'label-map.csv';

const sheetSchema = z.object({
  format: z.string(),
  crops: z.boolean(),
  counts: z.record(z.string(), z.number()),
  sha256: z.record(z.string(), z.string()),
});
export type Sheet = z.infer<typeof sheetSchema>;

/** `becomes` is absent from sets of earlier versions. */
export type LabelRow = Record<'identity' | 'new_label' | 'images' | 'folder', string> & { becomes?: string };

/** What a set says of itself; a part that is not there or cannot be read is in `findings`. */
export interface WrittenSet {
  folder: string;
  sheet?: Sheet;
  writer?: Writer;
  ledger?: LedgerRow[];
  labels?: LabelRow[];
  findings: Finding[];
}

/** @throws PathError when `folder` is no purified set, FormatError when it is of a format that this version does not know */
export function readWrittenSet(folder: string): WrittenSet {
  const at = (file: string): string => join(folder, file);
  if (!existsSync(folder)) throw new PathError(`There is nothing at "${folder}".`, ['Check the path of DIR.']);
  const whole = existsSync(at(LEDGER)) && existsSync(at(SHEET));
  if (!statSync(folder).isDirectory() || !(existsSync(at(MARK)) || whole))
    throw new PathError(`"${folder}" is no set that \`facesieve purify\` wrote.`, [
      'Name the folder that holds ledger.csv and datasheet.json.',
    ]);
  const findings: Finding[] = existsSync(at(MARK)) ? [] : [finding('missing', MARK, 'the mark of purify is not there')];
  const part = <T>(file: string, parse: (text: string) => T): T | undefined => {
    try {
      if (existsSync(at(file))) return parse(readFileSync(at(file), 'utf8'));
      findings.push(finding('missing', file, 'nothing can be checked against it'));
    } catch (error) {
      const why = error instanceof FacesieveError ? error.message : 'it is not as purify writes it';
      findings.push(finding('changed', file, `it cannot be read: ${why}`));
    }
    return undefined;
  };
  const sheet = part(SHEET, (text) => sheetSchema.parse(JSON.parse(text)));
  const writer = writers.find(({ name }) => name === sheet?.format);
  if (sheet && !writer) throw new FormatError(`"${folder}" is of a format that is not known here: ${sheet.format}.`);
  const ledger = part(LEDGER, (text) =>
    withColumns(readCsv(text, LEDGER), ['path', 'new_path', 'new_identity', 'sha256']),
  );
  const labels = part(LABELS, (text) =>
    withColumns(readCsv(text, LABELS), ['identity', 'new_label', 'images', 'folder']),
  );
  return {
    folder: resolve(folder),
    ...{ sheet, writer, findings },
    ledger: ledger as LedgerRow[] | undefined,
    labels: labels as LabelRow[] | undefined,
  };
}

function withColumns(rows: Record<string, string>[], columns: readonly string[]): Record<string, string>[] {
  const lacking = columns.find((column) => rows.length > 0 && !(column in rows[0]));
  if (lacking !== undefined) throw new FormatError(`there is no column "${lacking}"`);
  return rows;
}

/** Images of the set by their paths in it; one that came twice has one place and two rows. */
export const placedRows = (ledger: readonly LedgerRow[]): Map<string, LedgerRow> =>
  new Map(ledger.filter(({ new_path }) => new_path !== '').map((row) => [row.new_path, row]));
