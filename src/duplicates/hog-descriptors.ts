import { type Matrix, scaleToUnit } from '../core/vectors.js';
import { cropBytes } from '../core/crop-geometry.js';
import type { CropSource } from '../images/crop-source.js';
import { greyOf, mirrored } from '../images/thumbnail.js';
import { GRADIENT_LENGTH, GRADIENT_SIDE, gradientHistogram } from './gradient-histogram.js';

/** Returns how the edges of the crops in `slots` run, the same for a mirror image, (n, 128). */
export function describeCrops(crops: CropSource, slots: Int32Array): Float32Array {
  const rows = new Float32Array(slots.length * GRADIENT_LENGTH);
  const crop = new Uint8Array(cropBytes(crops.size));
  slots.forEach((slot, i) => {
    crops.readInto(slot, crop);
    const grey = greyOf(crop, crops.size, GRADIENT_SIDE);
    const [upright, turned] = [gradientHistogram(grey), gradientHistogram(mirrored(grey))];
    for (let d = 0; d < GRADIENT_LENGTH; d++) rows[i * GRADIENT_LENGTH + d] = upright[d] + turned[d];
  });
  return rows;
}

/** Returns descriptions (N, 128) of {@link describeCrops} less what all have in common, as unit rows, in their memory. */
export function hogDescriptors(rows: Float32Array): Matrix {
  const dimensions = GRADIENT_LENGTH;
  const count = rows.length / dimensions;
  const common = new Float64Array(dimensions); // in 32 bits the mean of ten million rows is one per cent off
  for (let i = 0; i < rows.length; i++) common[i % dimensions] += rows[i] / count;
  for (let i = 0; i < rows.length; i++) rows[i] -= common[i % dimensions];
  return scaleToUnit({ data: rows, rows: count, dimensions });
}
