import { FormatError } from '../core/errors.js';
import type { DecisionFormat } from './format.js';
import { csvFormat } from './formats/csv.js';
import { jsonlFormat } from './formats/jsonl.js';

/** Every format of decisions: one file and one line here. */
export const decisionFormats: readonly DecisionFormat[] = [csvFormat, jsonlFormat];

export const decisionFormatNames = decisionFormats.map(({ name }) => name);

/** @throws FormatError when the file's name says nothing we know */
export function formatOfFile(file: string): DecisionFormat {
  const found = decisionFormats.find(({ endings }) => endings.some((ending) => file.toLowerCase().endsWith(ending)));
  if (found) return found;
  const endings = decisionFormats.flatMap((format) => format.endings).join(', ');
  throw new FormatError(`"${file}" has none of the known endings (${endings}).`);
}
