import { existsSync, renameSync, statSync } from 'node:fs';
import { replaceShredding } from '../core/shred.js';
import { cropBytes, CropReader, CropWriter } from '../images/crop-file.js';

/** Crops copied at once. */
const BLOCK = 256;

/**
 * Takes the slots in `gone` out of the crop file, unless that was done: `before` slots are in it otherwise. The old file's
 * bytes are overwritten. @param gone ascending
 */
export function shrinkCrops(file: string, size: number, before: number, gone: readonly number[]): void {
  if (gone.length === 0 || !existsSync(file) || statSync(file).size < before * cropBytes(size)) return;
  replaceShredding(file, () => {
    const partial = `${file}.partial`;
    const crops = new CropReader(file, size);
    const writer = new CropWriter(partial, size, 0);
    const block = new Uint8Array(BLOCK * cropBytes(size));
    const isGone = new Set(gone);
    let used = 0;
    const flush = (): void => {
      writer.append(block.subarray(0, used * cropBytes(size)));
      used = 0;
    };
    for (let slot = 0; slot < before; slot++) {
      if (isGone.has(slot)) continue;
      crops.readInto(slot, block, used++ * cropBytes(size));
      if (used === BLOCK) flush();
    }
    flush();
    writer.flush();
    writer.close();
    crops.close();
    renameSync(partial, file);
  });
}
