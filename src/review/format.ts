import type { DecisionRecord } from './decision-table.js';

/** A way to write decisions for other programs. A new one is one file and one line in formats.ts. */
export interface DecisionFormat {
  name: string;
  /** File name endings that import recognises. */
  endings: readonly string[];
  write(records: readonly DecisionRecord[]): string;
  /** Rows by column name, everything as text. @throws FormatError with file and line */
  read(text: string, file: string): Record<string, string>[];
}
