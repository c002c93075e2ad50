import { z } from 'zod';
import { quantile } from '../core/statistics.js';
import { equalErrorPoint, rank } from './roc.js';

const share = z.number().min(0).max(1).nullable();
export const qualityBinSchema = z.object({
  /** The pairs' quality, the smaller length of the two embeddings before normalisation: from, and up to but not including. */
  from: z.number(),
  to: z.number(),
  genuine: z.number().int(),
  impostor: z.number().int(),
  /** At the bin's own threshold; null without both kinds. */
  eer: share,
  /** At the threshold of all pairs' EER. */
  falseAccepts: share,
  falseRejects: share,
});
export type QualityBin = z.infer<typeof qualityBinSchema>;

const BINS = 4;

/** Error rates of pairs of about the same quality, the worst first: quarters of the pairs. All arguments (P). */
export function qualityBins(
  scores: Float64Array,
  same: readonly boolean[],
  qualities: Float64Array,
  threshold: number,
): QualityBin[] {
  const inner = Array.from({ length: BINS - 1 }, (_, i) => quantile(qualities, (i + 1) / BINS));
  const lowest = quantile(qualities, 0);
  const edges = [lowest, ...new Set(inner.filter((edge) => edge > lowest)), Infinity];
  const highest = quantile(qualities, 1);
  return edges.slice(0, -1).map((from, bin) => {
    const pairs = [...qualities.keys()].filter((pair) => qualities[pair] >= from && qualities[pair] < edges[bin + 1]);
    const genuine = pairs.filter((pair) => same[pair]);
    const impostor = pairs.filter((pair) => !same[pair]);
    const ranking = rank(
      pairs.map((pair) => scores[pair]),
      pairs.map((pair) => same[pair]),
    );
    return {
      from,
      to: Math.min(edges[bin + 1], highest),
      genuine: genuine.length,
      impostor: impostor.length,
      eer: equalErrorPoint(ranking)?.rate ?? null,
      falseAccepts: shareOf(impostor, (pair) => scores[pair] >= threshold),
      falseRejects: shareOf(genuine, (pair) => scores[pair] < threshold),
    };
  });
}

const shareOf = (pairs: readonly number[], holds: (pair: number) => boolean): number | null =>
  pairs.length === 0 ? null : pairs.filter(holds).length / pairs.length;
