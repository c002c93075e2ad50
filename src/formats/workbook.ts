import { FormatError } from '../core/errors.js';
import { readBeginning } from '../core/regular-file.js';

const names = /\.(xlsx|xlsm|xlsb|xls|ods|numbers)$/i;

/** Names under which a workbook lies when its ending was changed and not its contents. */
const tables = /\.(csv|tsv|txt)$/i;

/** How a zip archive (.xlsx, .ods) and a compound file (.xls) begin. */
const beginnings = ['PK\x03\x04', '\xd0\xcf\x11\xe0'];

/** Is this file a workbook of a spreadsheet program, by its name or its first bytes? A zip archive of another name is none. */
export const isWorkbook = (path: string): boolean =>
  names.test(path) ||
  (tables.test(path) && beginnings.includes(Buffer.from(readBeginning(path, 4)).toString('latin1')));

/** Says how a workbook is saved as a table that can be read. */
export const workbookError = (path: string): FormatError =>
  new FormatError(`"${path}" is a workbook of a spreadsheet program, which is not read.`, [
    'Save the sheet as CSV: in Excel, File > Save As > CSV UTF-8.',
  ]);
