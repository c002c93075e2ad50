/** Crops to embed: `fill(i, target, offset)` copies crop i, (size, size, 3) bytes, into `target` at `offset`. */
export interface CropSupply {
  count: number;
  size: number;
  fill(index: number, target: Uint8Array, offset: number): void;
}
