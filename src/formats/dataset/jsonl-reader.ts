import { FormatError } from '../../core/errors.js';
import { groupingColumnOf, identityColumnOf, pathColumnOf } from './columns.js';
import { fileOf } from './find-files.js';
import type { Findings } from './findings.js';
import { type ListedImage, listReader } from './listed-images.js';
import { personOf } from './person-label.js';
import { textLines } from './text-lines.js';
import type { ReadOptions } from './reader.js';

const listOf = (path: string): string | undefined =>
  fileOf(path, /\.(jsonl|ndjson)$/i, 'set.jsonl') ?? fileOf(path, /\.jsonl$/i, 'metadata.jsonl');

/** One JSON object a line, with a path and an identity. */
export const jsonlReader = listReader('jsonl', listOf, 'names an image and its identity on each line', linesOf);

async function* linesOf(list: string, options: ReadOptions, findings: Findings): AsyncGenerator<ListedImage> {
  let [identity, first]: [string | undefined, boolean] = [undefined, true];
  for await (const { record, number } of recordsOf(list)) {
    const keys = Object.keys(record);
    const where = `${list}, line ${number}`;
    const path = pathColumnOf(keys, options.pathColumn, where);
    if (first) {
      const asked = { wanted: options.identityColumn, path, where };
      identity = await groupingColumnOf(keys, asked, () => valuesOf(list));
      findings.note(`identity = key "${identity}" of "${list}"`);
      first = false;
    }
    const key =
      identity !== undefined && keys.includes(identity)
        ? identity
        : identityColumnOf(keys, options.identityColumn, where);
    yield { path: personOf(record[path]), identity: personOf(record[key]) };
  }
}

async function* valuesOf(list: string): AsyncGenerator<Record<string, unknown>> {
  for await (const { record } of recordsOf(list)) yield record;
}

async function* recordsOf(list: string): AsyncGenerator<{ record: Record<string, unknown>; number: number }> {
  let number = 0;
  for await (const line of textLines(list)) {
    number++;
    if (line.trim() !== '') yield { record: parseLine(list, number, line), number };
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
