import { FormatError } from '../../core/errors.js';
import { MOST_TEXT_BYTES, readRegular } from '../../core/regular-file.js';
import { isImageName } from '../../images/image-name.js';
import { parsePythonJson } from '../python-json.js';
import { decodeText } from '../table-form.js';
import { groupingColumnOf, identityColumnOf, pathColumnOf } from './columns.js';
import type { Findings } from './findings.js';
import { type ListedImage, listReader, listsIn } from './listed-images.js';
import { personOf } from './person-label.js';
import { textLines } from './text-lines.js';
import type { ReadOptions } from './reader.js';

const listsOf = (path: string): string[] => listsIn(path, /\.(jsonl|ndjson|json)$/i, ['set.jsonl', 'metadata.jsonl']);

/** One JSON object a line, with a path and an identity; or a JSON file of such objects, or of identities by path. */
export const jsonlReader = listReader('jsonl', listsOf, 'names an image and its identity on each line', linesOf);

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
  if (/\.json$/i.test(list)) {
    for (const record of recordsInFile(list)) yield { record, number: ++number };
    return;
  }
  for await (const line of textLines(list)) {
    number++;
    if (line.trim() !== '') yield { record: parseLine(list, number, line), number };
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

/** Records of a JSON file that is read whole. @throws FormatError */
function recordsInFile(list: string): Record<string, unknown>[] {
  const text = decodeText(readRegular(list, MOST_TEXT_BYTES));
  let value: unknown;
  try {
    value = parsePythonJson(text);
  } catch (error) {
    throw new FormatError(`"${list}" is not JSON: ${(error as Error).message}.`);
  }
  if (Array.isArray(value) && value.every(isRecord)) return value;
  if (isRecord(value) && Object.keys(value).length > 0 && Object.keys(value).every(isImageName))
    return Object.entries(value).map(([path, identity]) => ({ path, identity }));
  throw new FormatError(`"${list}" holds no list of objects, nor identities by path.`, [
    'Expected: [{"path": "Ada/1.jpg", "identity": "Ada"}, ...] or {"Ada/1.jpg": "Ada", ...}.',
  ]);
}

function parseLine(list: string, number: number, line: string): Record<string, unknown> {
  try {
    const value = parsePythonJson(line);
    if (isRecord(value)) return value;
  } catch {
    // said below
  }
  throw new FormatError(`"${list}", line ${number}: not a JSON object.`);
}
