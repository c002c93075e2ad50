import { type Matrix, rowOf, unitRows } from '../core/vectors.js';
import { cropBytes } from '../core/crop-geometry.js';
import type { CropSource } from '../images/crop-source.js';
import { GRADIENT_LENGTH, GRADIENT_SIDE, gradientHistogram } from './gradient-histogram.js';
import { greyOf, mirrored } from '../images/thumbnail.js';

/**
 * Descriptions of the crops in `slots` by how their edges run, the same for a mirror image, less what all have in common.
 * @returns (N, 128) unit rows
 */
export function hogDescriptors(crops: CropSource, slots: readonly number[]): Matrix {
  const dimensions = GRADIENT_LENGTH;
  const matrix = { data: new Float32Array(slots.length * dimensions), rows: slots.length, dimensions };
  const common = new Float32Array(dimensions);
  const crop = new Uint8Array(cropBytes(crops.size));
  slots.forEach((slot, i) => {
    crops.readInto(slot, crop);
    const grey = greyOf(crop, crops.size, GRADIENT_SIDE);
    const [upright, turned] = [gradientHistogram(grey), gradientHistogram(mirrored(grey))];
    const row = rowOf(matrix, i);
    for (let d = 0; d < dimensions; d++) {
      row[d] = upright[d] + turned[d];
      common[d] += row[d] / slots.length;
    }
  });
  for (let i = 0; i < matrix.data.length; i++) matrix.data[i] -= common[i % dimensions];
  return unitRows(matrix);
}
