import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { FormatError, PathError } from '../../core/errors.js';
import { MOST_TEXT_BYTES, readRegular } from '../../core/regular-file.js';
import { decodeText } from '../table-form.js';
import { isWorkbook, workbookError } from '../workbook.js';

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

  /** Is it a workbook of a spreadsheet program? */
  isWorkbook(): boolean {
    return !this.isFolder && isWorkbook(this.path);
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
