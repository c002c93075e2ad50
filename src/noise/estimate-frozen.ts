import { type Random, randomOf } from '../core/random.js';
import type { MatrixIn, Space } from '../core/spaces.js';
import { leaveOneOutMeans, weightOfOtherMembers } from './class-means.js';
import { applyConflicts } from './conflict-prior.js';
import type { EstimateInput } from './estimate-input.js';
import { applyFacePresence, isFaint } from './face-presence-prior.js';
import { applyFacelessClasses } from './faceless-classes.js';
import { initialWeights } from './initial-weights.js';
import { findNearestOtherClass } from './nearest-other-class.js';
import {
  type FirstEstimate,
  fittedOf,
  MIN_WEIGHT,
  type NoiseRate,
  type RefinedEstimate,
  type ScoredSpace,
} from './noise-estimate.js';
import { noisePosterior, type Posterior } from './noise-posterior.js';
import { noiseScore, nullScores } from './null-scores.js';
import { towardsStrangers } from './lowest-quality.js';
import { typicalScores } from './typical-scores.js';

/** Rounds in the whitened space: the means of the first one still hold images that only the second one doubts. */
const ROUNDS = 2;
/** Weight of the nearest other class's cosine in the score: all of it finds most (AUROC .998 against .995 at half, on actors). */
const OTHER_CLASS_WEIGHT = 1;
/** p_noise up to which an image counts in the whitening and the means: a second person must not be taken for pose. */
const TRUSTED = 0.1;
/** And the most that it may be by its score alone: of an image that shows little nothing is known, and nothing is learnt from it. */
const TRUSTED_IF_SHARP = 0.5;
/**
 * Of the p_noise that an image would have if it were of usual quality, the share that it has at least: enough for review, and
 * never enough to be dropped. Low quality is evidence neither for nor against a label.
 */
const LOW_QUALITY_SHARE = 0.4;

/**
 * Computes p_noise where the network never saw the labels of the set (docs/calibrated-rule.md), in the features' own space.
 *
 * @throws InterruptedError if `signal` is aborted
 */
export async function firstFrozenEstimate(
  features: MatrixIn<'frozen' | 'trained'>,
  input: EstimateInput,
  signal?: AbortSignal,
): Promise<FirstEstimate> {
  const random = randomOf(input.seed, 'as-if');
  const first = await scoreRound(features, input, initialWeights(features, input), undefined, random, signal);
  return {
    weights: trustIn(first.posterior, input.faceScores),
    refine: (whitened, signal_) => refine(whitened, input, first.posterior, random, signal_),
  };
}

async function refine(
  whitened: MatrixIn<'whitened'>,
  input: EstimateInput,
  first: Posterior,
  random: Random,
  signal?: AbortSignal,
): Promise<RefinedEstimate> {
  const { labels, faceScores, faceGroups } = input;
  let last = await scoreRound(whitened, input, trustIn(first, faceScores), first, random, signal);
  for (let round = 1; round < ROUNDS; round++)
    last = await scoreRound(whitened, input, trustIn(last.posterior, faceScores), last.posterior, random, signal);
  const { means, nearestOther, posterior } = last;
  const withFaces = applyFacePresence(posterior.pNoise, posterior.pIfSharp, faceScores);
  const byScore = withFaces.map((p, i) => (faceScores?.[i] === 0 ? p : Math.min(p, posterior.ceilingByScore[i]))); // no face says more than the score
  const withConflicts = applyConflicts(byScore, labels, faceGroups);
  const bounded = withConflicts.map((p, i) =>
    Math.min(isFaint(faceScores, i) ? 1 : posterior.ceiling[i], Math.max(p, LOW_QUALITY_SHARE * posterior.pIfSharp[i])),
  );
  const pNoise = applyFacelessClasses(bounded, labels, faceScores);
  return { ...means, pNoise, noiseRate: noiseRateOf(posterior, input.isAside), nearestOther };
}

/** Returns the face detector's scores as log-odds, since nearly all are close to 1: blur and occlusion lower them as well. */
const clarityOf = (faceScores: Float32Array | null): Float64Array | null =>
  faceScores && Float64Array.from(faceScores, (score) => Math.log((score + 1e-4) / (1 - score + 1e-4)));

/**
 * Other trusted photographs from which a class mean counts as known. Where two photographs of a person correlate by 1/2, the mean of 8
 * correlates with the person by .94 (Spearman-Brown), that of 2 by .82.
 */
const KNOWN_FROM = 8;

/** Returns how well the mean of each image's class is known: means of few photographs are further from all of their images. */
const meanCertainty = (trustedOthers: Float64Array): Float64Array =>
  trustedOthers.map((count) => Math.log1p(Math.min(count, KNOWN_FROM)));

/** Returns the qualities, infinite where no face was found: what the middle of such a picture shows, its length does not tell. */
const seen = (quality: Float32Array, faceScores: Float32Array | null): Float32Array =>
  quality.map((length, i) => (faceScores?.[i] === 0 ? Infinity : length));

interface Round<S extends Space> extends ScoredSpace<S> {
  posterior: Posterior;
}

async function scoreRound<S extends Space>(
  features: MatrixIn<S>,
  input: EstimateInput,
  weights: Float64Array,
  before: Posterior | undefined,
  random: Random,
  signal?: AbortSignal,
): Promise<Round<S>> {
  const { labels, identities, copyGroups, quality, faceScores, search } = input;
  const means = leaveOneOutMeans(features, labels, weights, identities, copyGroups);
  const nearestOther = await findNearestOtherClass(features, means.means, labels, search, signal);
  const scores = means.ownClassCosine.map((own, i) => noiseScore(own, nearestOther.cosine[i], OTHER_CLASS_WEIGHT));
  const known = nullScores(
    { features, labels, ...means, nearestOther, weights, otherClassWeight: OTHER_CLASS_WEIGHT },
    random,
  );
  const isTrusted = trusted(before, scores, faceScores);
  const rows = [...scores.keys()].filter((i) => Number.isFinite(scores[i]));
  const trustedOthers = weightOfOtherMembers(labels, isTrusted, copyGroups);
  const ofTrusted = typicalScores(scores, [quality, clarityOf(faceScores), meanCertainty(trustedOthers)], isTrusted);
  const typical = quality ? towardsStrangers(ofTrusted, seen(quality, faceScores), isTrusted, known.open) : ofTrusted;
  const others = weightOfOtherMembers(labels, new Float64Array(labels.length).fill(1), copyGroups);
  const posterior = noisePosterior({
    ...{ scores, others, trustedOthers, rows: fittedOf(rows), typical, known, isAside: input.isAside, labels },
  });
  return { means, nearestOther, posterior };
}

/**
 * 1 for each image that shows what its class, and what an image of its quality, looks like: no image in which hardly a face was
 * found. In the first round those that are nearest to their own class.
 */
const trusted = (before: Posterior | undefined, scores: Float64Array, faceScores: Float32Array | null): Float64Array =>
  scores.map((score, i) => {
    if (isFaint(faceScores, i)) return 0;
    if (!before) return Number(score < 0);
    return Number(before.pNoise[i] <= TRUSTED && before.pIfSharp[i] <= TRUSTED_IF_SHARP);
  });

const trustIn = (posterior: Posterior, faceScores: Float32Array | null): Float64Array =>
  trusted(posterior, posterior.pNoise, faceScores).map((yes, i) => (yes ? 1 - posterior.pNoise[i] : MIN_WEIGHT));

/** Standard deviations that 95 of 100 cases lie within. */
const WITHIN = 1.96;

/**
 * Returns the share found with its sampling error. Images of too low a quality to judge may all be noise, and so may those of a
 * second person whom somebody is asked about, or none of them.
 */
function noiseRateOf({ pNoise, pIfSharp, share, fails }: Posterior, isAside: readonly boolean[]): NoiseRate {
  const count = pNoise.length;
  const sum = (of: (p: number, i: number) => number, aside: boolean): number =>
    pNoise.reduce((total, p, i) => (isAside[i] === aside ? total + of(p, i) : total), 0) / count;
  const rest = (share.open + share.closed) * sum(() => 1, false);
  const undecided = sum((p) => p * (1 - p), false);
  const deviation = Math.sqrt((rest * (1 - rest) + undecided) / count);
  const unseen = sum((p, i) => Math.max(0, pIfSharp[i] - p), false);
  const high = rest + WITHIN * deviation + unseen + fails + sum(() => 1, true);
  return {
    estimate: rest + sum((p) => p, true),
    low: Math.max(0, rest - WITHIN * deviation - fails),
    high: Math.min(1, high),
  };
}
