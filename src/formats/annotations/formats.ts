import { FormatError } from '../../core/errors.js';
import type { DecisionFormat } from './format.js';
import { csvFormat } from './csv.js';
import { cvatFormat } from './cvat.js';
import { fiftyoneFormat } from './fiftyone.js';
import { jsonlFormat } from './jsonl.js';
import { labelStudioFormat } from './label-studio.js';
import { parquetFormat } from './parquet.js';
import { workbookError } from '../workbook.js';
import type { ImportedFile } from './imported-file.js';

/** Every format of decisions: one file and one line here. */
export const decisionFormats: readonly DecisionFormat[] = [
  csvFormat,
  jsonlFormat,
  parquetFormat,
  labelStudioFormat,
  cvatFormat,
  fiftyoneFormat,
];

export const decisionFormatNames = decisionFormats.map(({ name }) => name);

/** @throws FormatError when neither its name nor what it holds is known */
export function formatOfFile(file: ImportedFile): DecisionFormat {
  const found = decisionFormats.find((format) => format.recognises(file));
  if (found) return found;
  if (file.isWorkbook()) throw workbookError(file.path);
  const endings = [...new Set(decisionFormats.flatMap((format) => format.endings))].join(', ');
  throw new FormatError(
    file.isFolder
      ? `The folder "${file.path}" holds neither FiftyOne's files nor a folder for each verdict.`
      : `"${file.path}" is not one of the known kinds (${endings}).`,
    ['docs/exchange.md shows what each tool exports.'],
  );
}
