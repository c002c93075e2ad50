import type { Place, Refusal } from './reader.js';
import { unsafeName } from './safe-path.js';

/** A file of an archive, or why it is not read. */
export interface ArchiveFile {
  /** Names that are no UTF-8 are escaped. */
  name: string;
  /** None when they were not wanted, or are at `place`. */
  bytes: Uint8Array;
  /** Where they lie as they are, in an archive that is not compressed. */
  place?: Place;
  refusal?: Refusal;
}

export const NO_BYTES = new Uint8Array(0);

/** A stream that unpacks to more than so many times its size, and to more than so many bytes, is a bomb. */
export const BOMB_RATIO = 100;
export const BOMB_BYTES = 64 << 20;
export const BOMB = `it unpacks to more than ${BOMB_RATIO} times its size: a decompression bomb`;

export const refusedFile = (name: string, state: Refusal['state'], reason: string): ArchiveFile => ({
  name: name === '' ? '(no name)' : name,
  bytes: NO_BYTES,
  refusal: { state, reason },
});

/** Why a file of an archive is not read, by its name and the size that the archive tells; undefined when it is. */
export function whyRefused(name: string, size: number, most: number): string | undefined {
  if (name.includes('\ufffd')) return 'its name in the archive is not UTF-8, and could not be told from others';
  return unsafeName(name) ?? (size > most ? `it has ${size} bytes, more than the ${most} allowed` : undefined);
}
