import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { FormatError, PathError } from '../../core/errors.js';
import { MOST_TEXT_BYTES, readBeginning, readRegular } from '../../core/regular-file.js';
import { decodeText } from '../table-form.js';

/** A file or folder that answers are read from. What it holds is somebody else's, and not believed. */
export class ImportedFile {
  readonly isFolder: boolean;
  private parsed?: { value: unknown };

  /** @throws PathError */
  constructor(readonly path: string) {
    if (!existsSync(path)) throw new PathError(`There is no file "${path}".`, ['Check the path.']);
    this.isFolder = statSync(path).isDirectory();
  }

  endsIn(...endings: readonly string[]): boolean {
    return !this.isFolder && endings.some((ending) => this.path.toLowerCase().endsWith(ending));
  }

  /** A file of the folder; undefined when it has none of that name. */
  member(name: string): ImportedFile | undefined {
    const path = join(this.path, name);
    return this.isFolder && existsSync(path) ? new ImportedFile(path) : undefined;
  }

  /** Every file below the folder, relative to it, with `/`. Links are not followed. */
  names(): string[] {
    return readdirSync(this.path, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(join(this.path, '/').length))
      .map((name) => name.split('\\').join('/'))
      .sort();
  }

  /** @throws FormatError when it is too large */
  bytes(): Buffer {
    const { size } = statSync(this.path);
    if (size > MOST_TEXT_BYTES)
      throw new FormatError(`"${this.path}" has ${size} bytes; at most ${MOST_TEXT_BYTES} are read.`, [
        'Import it in parts: an export made with --chunk comes back in parts.',
      ]);
    return readRegular(this.path, MOST_TEXT_BYTES);
  }

  /** @throws FormatError when it is too large or not UTF-8 */
  text(): string {
    return textOf(this.bytes(), this.path);
  }

  /** Is it a workbook of a spreadsheet program, by its name or its first bytes? A zip archive of another name is none. */
  isWorkbook(): boolean {
    if (this.endsIn('.xlsx', '.xlsm', '.xls', '.ods', '.numbers')) return true;
    if (!this.endsIn('.csv', '.tsv')) return false;
    const head = Buffer.from(readBeginning(this.path, 4)).toString('latin1');
    return head === 'PK\x03\x04' || head === '\xd0\xcf\x11\xe0';
  }

  /** The text of a table, in whichever encoding a spreadsheet wrote it. @throws FormatError when it is too large */
  tableText(): string {
    if (this.isWorkbook()) throw workbookError(this.path);
    const text = decodeText(this.bytes());
    if (text.includes('\0'))
      throw new FormatError(
        `"${this.path}" is no table: it holds bytes that are no text in UTF-8, UTF-16 or Windows-1252.`,
      );
    return text;
  }

  /** @throws FormatError when it is not JSON */
  json(): unknown {
    this.parsed ??= { value: jsonOf(this.text(), this.path) };
    return this.parsed.value;
  }
}

export const workbookError = (path: string): FormatError =>
  new FormatError(`"${path}" is a workbook of a spreadsheet program, which is not read.`, [
    'Save the sheet as CSV: in Excel, File > Save As > CSV UTF-8.',
  ]);

/** @throws FormatError */
export function textOf(bytes: Uint8Array, place: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new FormatError(`"${place}" is not UTF-8 text.`);
  }
}

/** @throws FormatError */
export function jsonOf(text: string, place: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new FormatError(`"${place}" is not JSON: ${(error as Error).message}.`);
  }
}
