import { z } from 'zod';
import type { NoiseKind } from '../core/records.js';
import { areaUnderRoc, averagePrecision, rank } from './roc.js';

const share = z.number().min(0).max(1).nullable();
export const detectionSchema = z.object({
  precision: share,
  recall: share,
  f1: share,
  auroc: share,
  averagePrecision: share,
  /** Share of each kind of noise that was flagged; null = none of it there. */
  recallByNoise: z.object({ open: share, closed: share, nonface: share }),
  /** Share of the clean images flagged. */
  cleanLoss: share,
  images: z.number().int(),
  noisy: z.number().int(),
  flagged: z.number().int(),
});
export type Detection = z.infer<typeof detectionSchema>;

/** One image with known truth: was it called noise, and how sure (`pNoise`, 1 = certainly). */
export interface Judged {
  noise: NoiseKind;
  flagged: boolean;
  pNoise: number | null;
}

const ratio = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);

/** How well noise was found; null where a figure is not defined. */
export function detect(judged: readonly Judged[]): Detection {
  const flaggedOf = (kind: (noise: NoiseKind) => boolean): [number, number] => {
    const these = judged.filter(({ noise }) => kind(noise));
    return [these.filter(({ flagged }) => flagged).length, these.length];
  };
  const [hits, noisy] = flaggedOf((noise) => noise !== 'none');
  const [falseAlarms, clean] = flaggedOf((noise) => noise === 'none');
  const scored = judged.filter(({ pNoise }) => pNoise !== null);
  const ranking = rank(
    scored.map(({ pNoise }) => pNoise!),
    scored.map(({ noise }) => noise !== 'none'),
  );
  const recallOf = (wanted: NoiseKind): number | null => ratio(...flaggedOf((noise) => noise === wanted));
  return {
    precision: ratio(hits, hits + falseAlarms),
    recall: ratio(hits, noisy),
    f1: ratio(2 * hits, hits + falseAlarms + noisy),
    auroc: areaUnderRoc(ranking),
    averagePrecision: averagePrecision(ranking),
    recallByNoise: { open: recallOf('open'), closed: recallOf('closed'), nonface: recallOf('nonface') },
    cleanLoss: ratio(falseAlarms, clean),
    images: judged.length,
    noisy,
    flagged: hits + falseAlarms,
  };
}
