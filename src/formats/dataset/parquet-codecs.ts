import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { decompress as unpackZstd } from 'fzstd';
import type { Compressors } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';

/**
 * Decompressors of parquet's pages that unpack at most `budget` bytes together. What a page's header says of its size is a
 * promise: no codec gives more than that.
 */
export function codecsWithin(budget: number): Compressors {
  let left = budget;
  const counted = ([codec, unpack]: [string, Unpack]): [string, Unpack] => [
    codec,
    (packed, length) => {
      left -= length;
      if (!(length >= 0 && left >= 0)) throw new Error(`it unpacks to more than ${budget} bytes`);
      return unpack(packed, length);
    },
  ];
  return Object.fromEntries(Object.entries({ ...compressors, ...bounded }).map(counted));
}

type Unpack = (packed: Uint8Array, length: number) => Uint8Array;

/** Codecs that would otherwise give as much as the data asks for. */
const bounded: Record<string, Unpack> = {
  GZIP: (packed, length) => gunzipSync(packed, { maxOutputLength: Math.max(1, length) }),
  BROTLI: (packed, length) => brotliDecompressSync(packed, { maxOutputLength: Math.max(1, length) }),
  ZSTD: (packed, length) => unpackZstd(packed, new Uint8Array(length)),
};
