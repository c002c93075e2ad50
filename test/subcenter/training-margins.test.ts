import { describe, expect, it } from 'vitest';
import { TrainingMargins } from '../../src/subcenter/training-margins.js';

const of = (...values: number[]): Float32Array => Float32Array.from(values);
const close = (actual: Float32Array, expected: number[]): void =>
  expected.forEach((value, i) => expect(actual[i]).toBeCloseTo(value, 6));

describe('training margins', () => {
  it('are the mean over the draws of an image, of its own cosine less the best other', () => {
    const margins = new TrainingMargins(new Int32Array(4));
    margins.add(Int32Array.of(2, 0), of(0.9, 0.5), of(0.1, 0.7));
    margins.add(Int32Array.of(3, 2), of(0.2, 0.5), of(-0.3, 0.1));
    const means = margins.means();
    close(of(means[0], means[2], means[3]), [0.5 - 0.7, (0.8 + 0.4) / 2, 0.2 + 0.3]);
    expect(means[1]).toBeNaN(); // was never drawn
  });

  it('count an image as often as it is in a batch', () => {
    const margins = new TrainingMargins(new Int32Array(1));
    margins.add(Int32Array.of(0, 0), of(1, 0.2), of(0, 0));
    close(margins.means(), [0.6]);
  });

  it('go on from what a checkpoint holds', () => {
    const first = new TrainingMargins(new Int32Array(2));
    first.add(Int32Array.of(0, 1), of(1, 0.5), of(0, 0));
    const second = new TrainingMargins(new Int32Array(2), first.state());
    second.add(Int32Array.of(0, 0), of(0.25, 0.25), of(0, 0));
    close(second.means(), [(1 + 0.25 + 0.25) / 3, 0.5]);
  });
});
