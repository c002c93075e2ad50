import { describe, expect, it } from 'vitest';
import { localOdds } from '../../src/noise/local-odds.js';

const EACH = 40;
const CLASSES = 20;
const labels = Int32Array.from({ length: CLASSES * EACH }, (_, i) => Math.floor(i / EACH));
const rows = [...labels.keys()];

/** p_noise with `counts[c]` certain noise in class c. */
const withNoise = (counts: readonly number[]): Float64Array =>
  Float64Array.from(labels, (label, i) => Number(i % EACH < counts[label]));
const shareOf = (pNoise: Float64Array): number => pNoise.reduce((a, b) => a + b, 0) / pNoise.length;

describe('the odds of noise in a class', () => {
  it('are those of the set where noise is scattered', () => {
    const pNoise = withNoise(Array.from({ length: CLASSES }, (_, c) => 2 + (c % 5)));
    expect(new Set(localOdds(pNoise, shareOf(pNoise), rows, labels))).toEqual(new Set([1]));
  });

  it('are high in the one class that is half of somebody else, and low in the others', () => {
    const pNoise = withNoise(Array.from({ length: CLASSES }, (_, c) => (c === 3 ? EACH / 2 : c % 4 === 0 ? 1 : 0)));
    const odds = localOdds(pNoise, shareOf(pNoise), rows, labels);
    expect(odds[3 * EACH]).toBeGreaterThan(10);
    expect(odds[5 * EACH]).toBeLessThan(0.5);
  });

  it('do not follow from the image itself', () => {
    const counts = Array.from({ length: CLASSES }, (_, c) => (c === 3 ? EACH / 2 : 0));
    const pNoise = withNoise(counts);
    const share = shareOf(pNoise);
    pNoise[7 * EACH + 1] = 1;
    const odds = localOdds(pNoise, share, rows, labels);
    expect(odds[7 * EACH + 1]).toBeLessThan(odds[7 * EACH]);
  });
});
