import type { Arrays, TensorSpec } from '../engine/program.js';

const SUMS = 'margins.sum';
const COUNTS = 'margins.count';
/** Their names in a checkpoint. */
export const MARGIN_STATE = [SUMS, COUNTS];

/**
 * Area under the margin (Pleiss et al. 2020): the mean over training of an image's cosine to its own class less that
 * to the best other class. Wrong labels are learnt late or never, so theirs stays low. Kept with the checkpoint.
 */
export class TrainingMargins {
  private readonly sums: Float32Array;
  private readonly counts: Float32Array;

  constructor(images: number, stored?: Arrays) {
    this.sums = (stored?.[SUMS] as Float32Array) ?? new Float32Array(images);
    this.counts = (stored?.[COUNTS] as Float32Array) ?? new Float32Array(images);
  }

  /** @param positions the batch's places in the training set, (B) @param own, rival cosines, (B) */
  add(positions: Int32Array, own: Float32Array, rival: Float32Array): void {
    positions.forEach((position, i) => {
      this.sums[position] += own[i] - rival[i];
      this.counts[position]++;
    });
  }

  /** Mean margin of each training image; NaN for one that was never drawn. */
  means(): Float32Array {
    return this.sums.map((sum, i) => sum / this.counts[i]);
  }

  state(): Arrays {
    return { [SUMS]: this.sums, [COUNTS]: this.counts };
  }

  specs(): Record<string, TensorSpec> {
    const spec: TensorSpec = { shape: [this.sums.length], dtype: 'float32' };
    return { [SUMS]: spec, [COUNTS]: spec };
  }
}
