import { EmptyInputError } from '../core/errors.js';
import { type Features, FeatureError, requireOnePerImage, unitFeatures } from '../core/labelled-features.js';
import { measurePairs } from './pair-measures.js';
import type { RowPair } from './pair-set.js';
import { type Verification, verificationOf } from './verification.js';

/** Pairs of images and what is known of them: scores already computed, or features to compute cosines from. */
export type VerifyInput =
  | {
      /** (P): higher = more alike. */
      scores: ArrayLike<number>;
      /** (P): whether the pair is of one person. */
      same: readonly boolean[];
      /** (P): the smaller quality of the two images; error rates by quality need it. */
      qualities?: ArrayLike<number>;
    }
  | {
      /** (N, D), of any length: the score of a pair is the cosine of its rows, its quality the smaller length. */
      features: Features;
      /** (P): row numbers, and whether they are of one person. */
      pairs: readonly RowPair[];
    };

export interface VerifyOptions {
  /** Folds of the accuracy, at least 2. Default 10, as the LFW protocol has it. */
  folds?: number;
}

/**
 * Measures how well scores separate pairs of one person from pairs of two: accuracy by the LFW protocol (10 contiguous
 * folds, the threshold of each chosen on the other nine; Huang et al. 2007), AUC, equal error rate, and the true accept
 * rate at false accept rates from 1e-1 to 1e-6. A rate that rests on too few impostor pairs is null. It reads and writes no
 * file.
 *
 * @param input scores (P) and whether each pair is of one person (P), or features (N, D) and pairs (P)
 * @returns rates in [0, 1]; error rates by quality are empty where no quality is known
 * @throws FeatureError if counts differ, a score is not finite, or a pair names a row that does not exist
 * @throws EmptyInputError if there are not pairs of both kinds
 * @example
 * import { verify } from 'facesieve';
 *
 * const { accuracy, eer, tarAtFar } = verify({ features, pairs });
 * const strict = tarAtFar['1e-3']; // null: fewer than 10,000 impostor pairs
 */
export function verify(input: VerifyInput, { folds = 10 }: VerifyOptions = {}): Verification {
  if (!Number.isInteger(folds) || folds < 2)
    throw new FeatureError(`"folds" must be a whole number from 2; got ${folds}.`);
  if ('features' in input) return verifyFeatures(input.features, input.pairs, folds);
  const { scores, same, qualities } = input;
  const pairs = same.length;
  requireOnePerImage('scores', scores, pairs, 'pairs');
  requireOnePerImage('qualities', qualities, pairs, 'pairs');
  const at = Array.from(scores).findIndex((score) => !Number.isFinite(score));
  if (at >= 0) throw new FeatureError(`The score of pair ${at} is ${scores[at]}.`);
  return verificationOf(Float64Array.from(scores), same, qualities ? Float64Array.from(qualities) : null, folds);
}

function verifyFeatures(features: Features, pairs: readonly RowPair[], folds: number): Verification {
  const { matrix, lengths } = unitFeatures(features);
  pairs.forEach(({ first, second }, pair) => {
    for (const row of [first, second])
      if (!Number.isInteger(row) || row < 0 || row >= matrix.rows)
        throw new FeatureError(`Pair ${pair} names row ${row}, and there are rows 0 to ${matrix.rows - 1}.`);
  });
  if (pairs.length === 0) throw new EmptyInputError('There are no pairs to verify.');
  const { same, cosines, qualities } = measurePairs({ vectors: matrix, norms: lengths ?? [] }, pairs);
  return verificationOf(cosines, same, lengths ? qualities : null, folds);
}
