import { readRegular } from '../../core/regular-file.js';
import { parsePythonJson } from '../python-json.js';
import { identityIn } from './columns.js';

/** Records beside images say whose they are, and are small. */
const MOST_BYTES = 1 << 20;

/** Which files of a folder are records beside an image: `000.json` beside `000.jpg`. */
export const recordOf = (image: string): string => image.replace(/\.[^./]*$/, '') + '.json';

/**
 * Whom the record in `bytes` names: undefined when it is no record or none of its keys says whose it is, '' when the key
 * says nobody.
 */
export function identityInRecord(bytes: Uint8Array, wanted: string | undefined): string | undefined {
  const record = parseRecord(bytes);
  return identityIn(record, wanted);
}

/** @throws UnreadableFileError */
export const identityBeside = (file: string, wanted: string | undefined): string | undefined =>
  identityInRecord(readRegular(file, MOST_BYTES), wanted);

/** The object that JSON holds; an empty one when it holds none. */
export function parseRecord(bytes: Uint8Array | undefined): Record<string, unknown> {
  try {
    const value: unknown = bytes && parsePythonJson(Buffer.from(bytes).toString());
    return value !== null && typeof value === 'object' ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
