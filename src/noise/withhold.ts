import type { Decision } from '../core/records.js';
import { saysNoise } from '../core/records.js';

/**
 * Least share of the images not called noise that the network must have told from every other identity, on average over its
 * training. Chosen by looking at three sets: 588 drawn images of 24 people with 17 % noise have .97, 1,589 photographs of 79
 * people of LFW with 20 % have .8, and 800 web images of 20 people, of which next to nothing is learnt from scratch, .42.
 */
export const LEAST_LEARNT = 0.5;

/** How much was learnt from scratch, where it was too little to judge by. */
export interface Withheld {
  /** Share of the images not called noise that have a positive training margin, [0, 1]. */
  learnt: number;
  /** Images that would have been dropped or relabelled, and are for a person to look at. */
  images: number;
}

/**
 * Decisions of a network that was trained from scratch on these very images. Where it learnt too little, nothing is
 * dropped or relabelled by it: such images go to review, with what would have been said.
 */
export function withholdUnlearnt(decisions: readonly Decision[]): { decisions: Decision[]; withheld?: Withheld } {
  const clean = decisions.filter(({ decision }) => !saysNoise(decision));
  const margins = clean.flatMap(({ evidence }) => evidence.trainingMargin ?? []);
  const learnt = margins.filter((margin) => margin > 0).length / margins.length;
  if (margins.length === 0 || learnt >= LEAST_LEARNT) return { decisions: [...decisions] };
  const withheld = { learnt, images: decisions.filter(({ decision }) => saysNoise(decision)).length };
  return {
    decisions: decisions.map((decision) => (saysNoise(decision.decision) ? asReview(decision) : decision)),
    withheld,
  };
}

const asReview = (decision: Decision): Decision => ({
  ...decision,
  decision: 'review',
  reason: `uncertain, too little was learnt from scratch to say more: ${decision.reason}`,
});
