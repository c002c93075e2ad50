import { z } from 'zod';
import { mean } from '../core/statistics.js';
import { type ArmName, armNames } from './held-out-people.js';

/** What one network reached on the held-out people of one fold. */
export interface ArmFigures {
  accuracy: number;
  auc: number;
  eer: number;
  /** null without probes. */
  rank1: number | null;
}

const intervalSchema = z.object({ low: z.number(), high: z.number() });
/** A mean over the folds, and where it lies in about 95 of 100 repetitions. */
const estimateSchema = intervalSchema.extend({ estimate: z.number() });
export type Estimate = z.infer<typeof estimateSchema>;

const verifiedSchema = z.object({
  accuracy: z.number(),
  /** Of the accuracy. */
  interval: intervalSchema,
  auc: z.number(),
  eer: z.number(),
});
const identifiedSchema = z.object({ rank1: z.number(), interval: intervalSchema });

const perArm = <T extends z.ZodType>(figure: T) => z.object({ before: figure, after: figure, random: figure });

/** How much more the purified arm reaches than each of the others: the mean over folds of the difference in a fold. */
const gainSchema = z.object({ overBefore: estimateSchema, overRandom: estimateSchema });

export const armsSchema = z.object({
  verification: perArm(verifiedSchema),
  /** Absent when a fold has no probe. */
  identification: perArm(identifiedSchema).optional(),
  gain: z.object({ accuracy: gainSchema, rank1: gainSchema.optional() }),
});
export type ComparedArms = z.infer<typeof armsSchema>;

/** What an interval of a difference says: all of it above 0, all below, or neither. */
export const conclusionOf = ({ low, high }: Estimate): 'better' | 'worse' | 'no difference' =>
  low > 0 ? 'better' : high < 0 ? 'worse' : 'no difference';

/**
 * Figures of the three arms with intervals, from at least two folds of people. Each fold is one repetition: arms are
 * compared within it, on the same pairs.
 */
export function compareArms(folds: readonly Record<ArmName, ArmFigures>[]): ComparedArms {
  const all = (arm: ArmName, figure: keyof ArmFigures): number[] => folds.map((fold) => fold[arm][figure]!);
  const shareOf = (values: readonly number[]): z.infer<typeof intervalSchema> => {
    const { low, high } = estimateOf(values);
    return { low: Math.max(0, low), high: Math.min(1, high) };
  };
  const gainOf = (figure: keyof ArmFigures): z.infer<typeof gainSchema> => {
    const over = (arm: ArmName): Estimate =>
      estimateOf(all('after', figure).map((value, fold) => value - all(arm, figure)[fold]));
    return { overBefore: over('before'), overRandom: over('random') };
  };
  const identified = folds.every((fold) => armNames.every((arm) => fold[arm].rank1 !== null));
  return {
    verification: forEachArm((arm) => ({
      accuracy: mean(all(arm, 'accuracy')),
      interval: shareOf(all(arm, 'accuracy')),
      auc: mean(all(arm, 'auc')),
      eer: mean(all(arm, 'eer')),
    })),
    ...(identified && {
      identification: forEachArm((arm) => ({ rank1: mean(all(arm, 'rank1')), interval: shareOf(all(arm, 'rank1')) })),
    }),
    gain: { accuracy: gainOf('accuracy'), ...(identified && { rank1: gainOf('rank1') }) },
  };
}

const forEachArm = <T>(figureOf: (arm: ArmName) => T): Record<ArmName, T> => ({
  before: figureOf('before'),
  after: figureOf('after'),
  random: figureOf('random'),
});

/** Student's t, 97.5 %, by degrees of freedom from 1 on: for 2 to 20 folds, which is what the setting allows. */
const STUDENT = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131, 2.12, 2.11,
  2.101, 2.093,
];
/**
 * Mean of a figure over folds and its 95 % interval. Folds share most of what they are trained on, so their variance is
 * too small by itself: it counts (1/k + test/train) times (Nadeau & Bengio 2003, "Inference for the generalization
 * error", eq. 9), where one of k parts is tested and k - 1 are trained on.
 */
export function estimateOf(values: readonly number[]): Estimate {
  const k = values.length;
  const estimate = mean(values);
  const variance = values.reduce((sum, value) => sum + (value - estimate) ** 2, 0) / (k - 1);
  const half = STUDENT[k - 2] * Math.sqrt((1 / k + 1 / (k - 1)) * variance);
  return { estimate, low: estimate - half, high: estimate + half };
}
