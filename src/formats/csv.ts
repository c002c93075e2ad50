import { CsvError, type InfoRecord, parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import { FormatError } from '../core/errors.js';
import { formOfText, parseOptionsOf } from './table-form.js';
import { spreadsheetSafe } from './spreadsheet-cell.js';

export type CsvCell = string | number | boolean | null | undefined;

/** One record and the line of the file on which it ends, from 1. */
export interface CsvLine {
  line: number;
  values: Record<string, string>;
}

/** CSV text with a header line, `\n` line ends; null and undefined are empty cells, booleans `true` and `false`. */
export function writeCsv(columns: readonly string[], rows: readonly Record<string, CsvCell>[]): string {
  return stringify(rows as Record<string, CsvCell>[], {
    header: true,
    columns: [...columns],
    cast: { boolean: String },
  });
}

/**
 * As {@link writeCsv}, for people who open it in a spreadsheet: text that would be computed begins with an apostrophe, and
 * all text stands in quotes, so that a program that expects semicolons finds no cell inside of one. Numbers stay numbers.
 */
export function writeSpreadsheetCsv(columns: readonly string[], rows: readonly Record<string, CsvCell>[]): string {
  return stringify(rows as Record<string, CsvCell>[], {
    header: true,
    columns: [...columns],
    quoted_string: true,
    cast: { boolean: String, string: spreadsheetSafe },
  });
}

/**
 * Records of CSV `text` by column name, whatever divides the columns (comma, tab, semicolon or bar, blanks after it or not);
 * a byte order mark and empty lines are passed over.
 * @param file named in errors @throws FormatError with file and line
 */
export const readCsv = (text: string, file: string): Record<string, string>[] =>
  readCsvLines(text, file).map(({ values }) => values);

/** As {@link readCsv}, with line numbers for the caller's own complaints. */
export function readCsvLines(text: string, file: string): CsvLine[] {
  if (text.trim() === '') throw new FormatError(`${file}: empty; a header line was expected.`);
  try {
    const form = { ...parseOptionsOf(formOfText(text)), relax_quotes: false, info: true as const };
    // The typings do not know that `info` wraps each record.
    const rows = parse(text, form) as unknown as { record: string[]; info: InfoRecord }[];
    const columns = checkedHeader(rows[0]?.record ?? [], file);
    return rows.slice(1).flatMap(({ record, info }) => {
      if (record.every((cell) => cell.trim() === '')) return [];
      return [{ line: info.lines, values: namedCells(record, columns, `${file}:${info.lines}`) }];
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new FormatError(`${file}:${String(error.lines ?? 1)}: ${error.message}.`);
  }
}

/** Spreadsheets end lines with empty cells that no column has. */
function namedCells(record: readonly string[], columns: readonly string[], place: string): Record<string, string> {
  if (record.length < columns.length || record.slice(columns.length).some((cell) => cell.trim() !== ''))
    throw new FormatError(`${place}: ${record.length} cells, where the head line has ${columns.length}.`, [
      'Put quotes round cells that hold what divides the columns.',
    ]);
  return Object.fromEntries(columns.map((column, i) => [column, record[i]]).filter(([column]) => column !== ''));
}

function checkedHeader(cells: readonly string[], file: string): string[] {
  const header = cells.map((cell) => cell.trim());
  const seen = new Set<string>();
  const twice = header.find((name) => name !== '' && seen.size === seen.add(name).size);
  if (twice !== undefined) throw new FormatError(`${file}:1: column "${twice}" is there twice.`);
  return header;
}
