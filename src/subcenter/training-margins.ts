import type { Arrays, TensorSpec } from '../engine/program.js';

const SUMS = 'margins.sum';
const COUNTS = 'margins.count';
/** Class that each image was trained as; it is another one than its own where a wrong label was planted. */
export const TRAINED_AS = 'margins.class';
/** Their names in a checkpoint. */
export const MARGIN_STATE = [SUMS, COUNTS, TRAINED_AS];

/**
 * Area under the margin (Pleiss et al. 2020): the mean over training of an image's cosine to the class it was trained as
 * less that to the best other class. Wrong labels are learnt late or never, so theirs stays low. Kept with the checkpoint.
 */
export class TrainingMargins {
  private readonly sums: Float32Array;
  private readonly counts: Float32Array;
  private readonly trainedAs: Float32Array;

  /** @param labels class that each image is trained as, (N) */
  constructor(labels: Int32Array, stored?: Arrays) {
    this.sums = (stored?.[SUMS] as Float32Array) ?? new Float32Array(labels.length);
    this.counts = (stored?.[COUNTS] as Float32Array) ?? new Float32Array(labels.length);
    this.trainedAs = (stored?.[TRAINED_AS] as Float32Array) ?? Float32Array.from(labels);
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

  /** Class that each image was trained as, (N). */
  classes(): Int32Array {
    return Int32Array.from(this.trainedAs);
  }

  state(): Arrays {
    return { [SUMS]: this.sums, [COUNTS]: this.counts, [TRAINED_AS]: this.trainedAs };
  }

  specs(): Record<string, TensorSpec> {
    const spec: TensorSpec = { shape: [this.sums.length], dtype: 'float32' };
    return { [SUMS]: spec, [COUNTS]: spec, [TRAINED_AS]: spec };
  }
}
