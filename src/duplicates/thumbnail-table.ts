import { cropBytes } from '../core/crop-geometry.js';
import type { CropSource } from '../images/crop-source.js';
import { type Grey, greyOf } from '../images/thumbnail.js';
import { THUMBNAIL_SIDE } from './coarse-match.js';

const LENGTH = THUMBNAIL_SIDE * THUMBNAIL_SIDE;
/** Thumbnails in one array, 16 MiB: their number is limited by memory alone. */
const ROWS_PER_BLOCK = 65_536;

/** Grey thumbnails of crops, (slots, 256) bytes, in blocks that threads share. */
export interface ThumbnailTable {
  blocks: readonly Uint8Array[];
  rowsPerBlock: number;
}

/** Returns a table for `slots` crops, all black. */
export const emptyThumbnails = (slots: number, rowsPerBlock = ROWS_PER_BLOCK): ThumbnailTable => ({
  blocks: Array.from(
    { length: Math.ceil(slots / rowsPerBlock) },
    (_, b) => new Uint8Array(new SharedArrayBuffer(LENGTH * Math.min(rowsPerBlock, slots - b * rowsPerBlock))),
  ),
  rowsPerBlock,
});

const bytesOf = ({ blocks, rowsPerBlock }: ThumbnailTable, slot: number): Uint8Array => {
  const at = (slot % rowsPerBlock) * LENGTH;
  return blocks[Math.floor(slot / rowsPerBlock)].subarray(at, at + LENGTH);
};

export const thumbnailAt = (table: ThumbnailTable, slot: number): Grey => ({
  data: Float32Array.from(bytesOf(table, slot)),
  side: THUMBNAIL_SIDE,
});

/** Makes the thumbnails of the crops in `slots`. */
export function fillThumbnails(table: ThumbnailTable, crops: CropSource, slots: Iterable<number>): void {
  const crop = new Uint8Array(cropBytes(crops.size));
  for (const slot of slots) {
    crops.readInto(slot, crop);
    bytesOf(table, slot).set(greyOf(crop, crops.size, THUMBNAIL_SIDE).data);
  }
}
