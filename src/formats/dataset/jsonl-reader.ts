import { FormatError } from '../../core/errors.js';
import { identityColumnOf, pathColumnOf, orNobody } from './columns.js';
import { fileOf } from './find-files.js';
import { type ListedImage, listReader } from './listed-images.js';
import { textLines } from './text-lines.js';
import type { ReadOptions } from './reader.js';

const listOf = (path: string): string | undefined =>
  fileOf(path, /\.(jsonl|ndjson)$/i, 'set.jsonl') ?? fileOf(path, /\.jsonl$/i, 'metadata.jsonl');

/** One JSON object a line, with a path and an identity. */
export const jsonlReader = listReader('jsonl', listOf, 'names an image and its identity on each line', linesOf);

async function* linesOf(list: string, options: ReadOptions): AsyncGenerator<ListedImage> {
  const text = (value: unknown): string =>
    typeof value === 'string' || typeof value === 'number' ? orNobody(String(value)) : '';
  let number = 0;
  for await (const line of textLines(list)) {
    number++;
    if (line.trim() === '') continue;
    const record = parseLine(list, number, line);
    const keys = Object.keys(record);
    yield {
      path: text(record[pathColumnOf(keys, options.pathColumn, `${list}, line ${number}`)]),
      identity: text(record[identityColumnOf(keys, options.identityColumn, `${list}, line ${number}`)]),
    };
  }
}

function parseLine(list: string, number: number, line: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(line);
    if (value !== null && typeof value === 'object' && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // said below
  }
  throw new FormatError(`"${list}", line ${number}: not a JSON object.`);
}
