import type { Config } from '../core/config.js';
import { sha256 } from '../core/fingerprint.js';
import type { ImageRow } from '../core/records.js';
import { type CropGeometry, decodeCrop } from '../images/decode.js';
import { differenceHash } from '../images/perceptual-hash.js';
import type { SourceEntry } from './reader.js';

export type CroppedEntry = Omit<ImageRow, 'id' | 'slot'> & { crop: Uint8Array | null };

/** How `config` cuts crops. */
export const cropGeometry = ({ size, align, centerShare }: Config): CropGeometry => ({
  size,
  share: align === 'center' ? centerShare : 1,
});

/** Reads, hashes, decodes and crops one file; a file that cannot be used gets a row that says why. */
export async function cropEntry(entry: SourceEntry, config: Config): Promise<CroppedEntry> {
  const row = { path: entry.path, identity: entry.identity };
  const nothing = { sha256: null, width: null, height: null, dhash: null, crop: null };
  let hash: string | null = null;
  try {
    const bytes = await entry.read();
    hash = sha256(bytes);
    if (bytes.length === 0) return { ...row, ...nothing, sha256: hash, error: 'the file is empty' };
    const { crop, width, height } = await decodeCrop(bytes, cropGeometry(config), config.maxPixels);
    return { ...row, sha256: hash, width, height, dhash: differenceHash(crop, config.size), error: null, crop };
  } catch (error) {
    return { ...row, ...nothing, sha256: hash, error: firstLine((error as Error).message) };
  }
}

const firstLine = (text: string): string => text.split('\n')[0];
