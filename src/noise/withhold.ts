import type { Decision } from '../core/records.js';
import { saysNoise } from '../core/records.js';

/**
 * Least share of the images not called noise that the network must have told from every other identity, on average over its
 * training. Chosen by looking at three sets: 588 drawn images of 24 people with 17 % noise have .97, 1,589 photographs of 79
 * people of LFW with 20 % have .8, and 800 web images of 20 people, of which next to nothing is learnt from scratch, .42.
 */
export const LEAST_LEARNT = 0.5;

/**
 * Least share of the estimated noise that is called noise for the decisions to stand all the same, where planted labels show what
 * the network makes of noise: much noise slows the learning of the rest, too. Chosen by looking at the first two: LFW with 40 % noise,
 * of which .36 is learnt, and 800 web images of 20 people, .42; p_noise finds .8 of what it estimates there, and nothing here.
 */
const LEAST_FOUND = 0.5;

/** How much was learnt from scratch, where it was too little to judge by. */
export interface Withheld {
  /** Share of the images not called noise that have a positive training margin, [0, 1]. */
  learnt: number;
  /** Images that are for a person to look at instead: those called noise, and the most doubtful of as many as may be noise. */
  images: number;
}

/**
 * Decisions of a network that was trained from scratch on these very images. Where it learnt too little, nothing is
 * dropped or relabelled by it, unless planted labels show that it finds most of the noise: such images go to review, with what would have been said, and with them the most doubtful ones
 * until as many are in review as may be noise.
 *
 * @param mayBeNoise upper bound of the share of noise, [0, 1]
 * @param found share of the noise that is expected to be called so, [0, 1], where planted labels show how noise scores; 0 elsewhere
 */
export function withholdUnlearnt(
  decisions: readonly Decision[],
  mayBeNoise: number,
  found: number,
): { decisions: Decision[]; withheld?: Withheld } {
  const clean = decisions.filter(({ decision }) => !saysNoise(decision));
  const margins = clean.flatMap(({ evidence }) => evidence.trainingMargin ?? []);
  // Where every image is called noise nothing was learnt; a network of a later round has no margins at all.
  const learnt = margins.length === 0 ? 0 : margins.filter((margin) => margin > 0).length / margins.length;
  const isKnown = decisions.some(({ evidence }) => evidence.trainingMargin !== null);
  if (!isKnown || learnt >= LEAST_LEARNT || found >= LEAST_FOUND) return { decisions: [...decisions] };
  const called = decisions.filter(({ decision }) => saysNoise(decision));
  const asked = called.length + decisions.filter(({ decision }) => decision === 'review').length;
  const open = Math.max(0, Math.ceil(mayBeNoise * decisions.length) - asked);
  const doubtful = decisions
    .filter(({ decision, pNoise }) => (decision === 'keep' || decision === 'hard') && (pNoise ?? 0) > 0)
    .sort((a, b) => b.pNoise! - a.pNoise!)
    .slice(0, open);
  const moved = new Set([...called, ...doubtful]);
  return {
    decisions: decisions.map((decision) => (moved.has(decision) ? asReview(decision) : decision)),
    withheld: { learnt, images: moved.size },
  };
}

const asReview = (decision: Decision): Decision => ({
  ...decision,
  decision: 'review',
  reason: `uncertain, too little was learnt from scratch to say more: ${decision.reason}`,
});
