import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { FormatError, PathError } from '../core/errors.js';

/** Most bytes that a file is read whole with: what a million rows take, and a string can hold. */
export const MOST_BYTES = 2 ** 28;

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
  bytes(): Uint8Array {
    const { size } = statSync(this.path);
    if (size > MOST_BYTES)
      throw new FormatError(`"${this.path}" has ${size} bytes; at most ${MOST_BYTES} are read.`, [
        'Import it in parts: an export made with --chunk comes back in parts.',
      ]);
    return readFileSync(this.path);
  }

  /** @throws FormatError when it is too large or not UTF-8 */
  text(): string {
    return textOf(this.bytes(), this.path);
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
