import { existsSync } from 'node:fs';
import { FormatError, PathError } from '../core/errors.js';
import type { Reader } from './reader.js';
import { folderReader } from './readers/folder.js';

/** Every reader, the more particular first: one file and one line here. */
export const readers: readonly Reader[] = [folderReader];

/**
 * The reader for `source`, and why; `auto` asks each in turn.
 * @throws PathError when there is nothing at `source`, FormatError when nobody can read it
 */
export function readerFor(source: string, format: string): { reader: Reader; because: string } {
  if (!existsSync(source))
    throw new PathError(`There is nothing at "${source}".`, [
      'Check the path; a folder of folders of images is expected.',
    ]);
  for (const reader of readers) {
    const because = reader.recognise(source);
    if (because && (format === 'auto' || format === reader.name)) return { reader, because };
  }
  throw new FormatError(`"${source}" cannot be read as ${format === 'auto' ? 'any known format' : `"${format}"`}.`, [
    `Known formats: ${readers.map(({ name }) => name).join(', ')}.`,
  ]);
}
