import { cropBytes } from '../core/crop-geometry.js';
import { CropReader } from './crop-file.js';

/** Square crops of `size` pixels a side, read by number. */
export interface CropSource {
  readonly size: number;
  /** Copies the crop in `slot`, (size, size, 3) RGB bytes, into `target` at `offset`. */
  readInto(slot: number, target: Uint8Array, offset?: number): void;
}

/** Returns the crops of one array, (N, size, size, 3) RGB bytes. */
export const cropsInMemory = (data: Uint8Array, size: number): CropSource => ({
  size,
  readInto(slot, target, offset = 0) {
    const length = cropBytes(size);
    target.set(data.subarray(slot * length, (slot + 1) * length), offset);
  },
});

/** Where crops lie: in a file, or in one array, (N, size, size, 3) RGB bytes. Threads can be told, and open them anew. */
export type CropPlace = { file: string; size: number } | { data: Uint8Array; size: number };

/** Opens the crops at `place`; `close` frees their file. */
export function openCrops(place: CropPlace): CropSource & { close: () => void } {
  return 'file' in place
    ? new CropReader(place.file, place.size)
    : { ...cropsInMemory(place.data, place.size), close: () => undefined };
}
