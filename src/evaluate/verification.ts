import { z } from 'zod';
import { EmptyInputError } from '../core/errors.js';
import { foldAccuracy } from './fold-accuracy.js';
import { areaUnderRoc, equalErrorRate, rank, trueAcceptRate } from './roc.js';

export const verificationSchema = z.object({
  accuracy: z.number(),
  std: z.number(),
  auc: z.number(),
  eer: z.number(),
  /** By false accept rate; null = too few impostor pairs to tell. */
  tarAtFar: z.record(z.string(), z.number().nullable()),
  genuine: z.number().int(),
  impostor: z.number().int(),
});
export type Verification = z.infer<typeof verificationSchema>;

const falseAcceptRates = { '1e-1': 0.1, '1e-2': 0.01, '1e-3': 0.001, '1e-4': 0.0001 };

/**
 * How well scores tell same from different people.
 * @param scores cosine, higher = more alike, (N) @param same (N) @throws EmptyInputError without both kinds of pairs
 */
export function verify(scores: Float64Array, same: readonly boolean[], folds: number): Verification {
  const ranking = rank(scores, same);
  if (ranking.positives === 0 || ranking.negatives === 0)
    throw new EmptyInputError(
      `Verification needs pairs of the same and of different people; there are ${ranking.positives} and ${ranking.negatives}.`,
      ['Name a pairs file with --pairs, or keep more images an identity.'],
    );
  return {
    ...foldAccuracy(scores, same, folds),
    auc: areaUnderRoc(ranking)!,
    eer: equalErrorRate(ranking)!,
    tarAtFar: Object.fromEntries(
      Object.entries(falseAcceptRates).map(([name, far]) => [name, trueAcceptRate(ranking, far)]),
    ),
    genuine: ranking.positives,
    impostor: ranking.negatives,
  };
}
