import { z } from 'zod';
import { EmptyInputError } from '../core/errors.js';
import { foldAccuracy } from './fold-accuracy.js';
import { qualityBins, qualityBinSchema } from './quality-bins.js';
import { areaUnderRoc, equalErrorPoint, impostorsNeeded, pointAtFar, rank, type Ranking } from './roc.js';

const atFarSchema = z.object({
  target: z.number(),
  /** The largest false accept rate that is at most the target; null, as the rest, when impostor pairs are too few to tell. */
  far: z.number().nullable(),
  tar: z.number().nullable(),
  /** Scores from here are accepted; null also when nothing is. */
  threshold: z.number().nullable(),
  impostorsNeeded: z.number().int(),
});

export const verificationSchema = z.object({
  accuracy: z.number(),
  std: z.number(),
  auc: z.number(),
  eer: z.number(),
  /** By false accept rate; null = too few impostor pairs to tell. */
  tarAtFar: z.record(z.string(), z.number().nullable()),
  atFar: z.array(atFarSchema),
  byQuality: z.array(qualityBinSchema),
  genuine: z.number().int(),
  impostor: z.number().int(),
});
export type Verification = z.infer<typeof verificationSchema>;

const falseAcceptRates = { '1e-1': 0.1, '1e-2': 0.01, '1e-3': 0.001, '1e-4': 0.0001, '1e-5': 0.00001, '1e-6': 1e-6 };

/**
 * Computes how well scores separate pairs of one person from pairs of two.
 *
 * @param scores (P), higher = more alike
 * @param same (P)
 * @param qualities (P); null where they are not known
 * @throws EmptyInputError if there are not pairs of both kinds
 */
export function verificationOf(
  scores: Float64Array,
  same: readonly boolean[],
  qualities: Float64Array | null,
  folds: number,
): Verification {
  const ranking = rank(scores, same);
  const equal = equalErrorPoint(ranking);
  if (!equal)
    throw new EmptyInputError(
      `Verification needs pairs of the same and of different people; there are ${ranking.positives} and ${ranking.negatives}.`,
      ['Name a pairs file with --pairs, or keep more images per identity.'],
    );
  const rates = Object.entries(falseAcceptRates);
  const atFar = rates.map(([, target]) => atTarget(ranking, target));
  return {
    ...foldAccuracy(scores, same, folds),
    auc: areaUnderRoc(ranking)!,
    eer: equal.rate,
    tarAtFar: Object.fromEntries(rates.map(([name], i) => [name, atFar[i].tar])),
    atFar,
    byQuality: qualities ? qualityBins(scores, same, qualities, equal.score) : [],
    genuine: ranking.positives,
    impostor: ranking.negatives,
  };
}

function atTarget(ranking: Ranking, target: number): z.infer<typeof atFarSchema> {
  const point = pointAtFar(ranking, target);
  return {
    target,
    far: point && point.falseAccepts,
    tar: point && 1 - point.falseRejects,
    threshold: point && Number.isFinite(point.score) ? point.score : null,
    impostorsNeeded: impostorsNeeded(target),
  };
}
