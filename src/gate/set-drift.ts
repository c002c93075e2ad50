import { isDeepStrictEqual } from 'node:util';
import type { SetProfile } from './set-profile.js';

/**
 * How far a set is from another, in [0, 1], as shares of images that would have to be others for the two to be alike.
 * - `angles`: the largest difference between the two cumulative distributions of the angle to the dominant sub-centre
 *   (two-sample Kolmogorov-Smirnov statistic, whole degrees), max over t of |F(t) - G(t)|
 * - `decisions`: half the sum of |p - q| over the six decisions (total variation)
 * - `noiseRate`: |difference| of the estimated noise rates
 * - `drift`: the largest of the three
 */
export interface SetDrift {
  drift: number;
  angles: number;
  decisions: number;
  noiseRate: number;
  /** What `angles` stays below in 95 of 100 pairs of samples of one and the same crawl. */
  byChance: number;
}

/** sqrt(-ln(0.05 / 2) / 2): the 95 % point of the Kolmogorov distribution. */
const KOLMOGOROV_95 = Math.sqrt(-Math.log(0.05 / 2) / 2);

export function driftBetween(before: SetProfile, now: SetProfile): SetDrift {
  const angles = largestGap(before.angles, now.angles);
  const names = Object.keys(before.decisions);
  const decisions = names.reduce((sum, name) => sum + Math.abs(before.decisions[name] - now.decisions[name]), 0) / 2;
  const noiseRate = Math.abs(before.noiseRate - now.noiseRate);
  const byChance = Math.min(1, KOLMOGOROV_95 * Math.sqrt(1 / before.images + 1 / now.images));
  return { drift: Math.max(angles, decisions, noiseRate), angles, decisions, noiseRate, byChance };
}

function largestGap(before: readonly number[], now: readonly number[]): number {
  const total = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0) || 1;
  const [n, m] = [total(before), total(now)];
  let [f, g, gap] = [0, 0, 0];
  before.forEach((count, i) => {
    f += count / n;
    g += now[i] / m;
    gap = Math.max(gap, Math.abs(f - g));
  });
  return gap;
}

/** Settings that differ, by name: figures made under other settings say nothing about the images. */
export const differingSettings = (before: SetProfile, now: SetProfile): string[] =>
  [...new Set([...Object.keys(before.settings), ...Object.keys(now.settings)])].filter(
    (key) => !isDeepStrictEqual(before.settings[key], now.settings[key]),
  );
