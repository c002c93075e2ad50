import { type Random, randomOf } from '../core/random.js';
import { findRivals, type Rivals } from './nearest-other-class.js';
import { type Calibration, FAINTEST, fittedOf, type NoiseRate } from './noise-estimate.js';
import type { CalibrationInput } from './estimate-input.js';
import { identitySpace } from './wccn.js';
import { noisePosterior, type Posterior } from './noise-posterior.js';
import { type OwnCentres, ownCentres, weightOfOthers } from './class-means.js';
import { scoreOf, scoresAsIfNoise } from './null-scores.js';
import { startingWeights } from './initial-weights.js';
import { typicalScores } from './typical-scores.js';
import { weighContradictions } from './contradiction-prior.js';
import { isFaint, weighFaceless } from './face-presence-prior.js';

/** Looks in the space: the first one's centres still hold what only the second one doubts. */
const ROUNDS = 2;
/** Of the rival's cosine in the score: all of it tells most (AUROC .998 against .995 at half, on actors). */
const RIVAL_SHARE = 1;
/** p_noise up to which an image has a say in the space and the centres: the way to a second person must not pass for pose. */
const TRUSTED = 0.1;
/** And what it may be by its score alone: of an image that shows little nothing is known, and nothing is learnt from it. */
const TRUSTED_IF_SHARP = 0.5;
/**
 * Of the p_noise that an image would have were it of usual quality, what it has at least: enough for a person to look, and never
 * enough to drop it. That little is seen in an image is no evidence that it is right, nor that it is wrong.
 */
const DOUBT = 0.4;

/**
 * p_noise where no label of the set had a say in the vectors (docs/calibrated-rule.md). `input.vectors` are brought into
 * the identity space where they lie. @throws InterruptedError
 */
export async function calibrateFrozen(input: CalibrationInput, signal?: AbortSignal): Promise<Calibration> {
  const { vectors, labels, identities, faceScores, seed } = input;
  const random = randomOf(seed, 'as-if');
  let look = await weigh(input, startingWeights(input), undefined, random, signal);
  const intoSpace = identitySpace(vectors, labels, trustIn(look, faceScores), identities);
  intoSpace(vectors);
  for (let round = 0; round < ROUNDS; round++)
    look = await weigh(input, trustIn(look, faceScores), look, random, signal);
  const { own, rivals, posterior } = look;
  const byFaces = weighFaceless(posterior.pNoise, posterior.pIfSharp, faceScores);
  const told = weighContradictions(byFaces, labels, input.faceGroups);
  const pNoise = told.map((p, i) => Math.max(p, DOUBT * posterior.pIfSharp[i]));
  return { ...own, pNoise, noiseRate: noiseRateOf(posterior), rivals, intoSpace };
}

/** What one look at the set finds. */
interface Look {
  own: OwnCentres;
  rivals: Rivals;
  posterior: Posterior;
}

async function weigh(
  input: CalibrationInput,
  weights: Float64Array,
  before: Look | undefined,
  random: Random,
  signal?: AbortSignal,
): Promise<Look> {
  const { vectors, labels, identities, copyGroups, quality, faceScores, settings } = input;
  const own = ownCentres(vectors, labels, weights, identities, copyGroups);
  const rivals = await findRivals(vectors, own.centres, labels, settings, signal);
  const scores = own.cosOwn.map((cosOwn, i) => scoreOf(cosOwn, rivals.cosine[i], RIVAL_SHARE));
  const known = scoresAsIfNoise({ vectors, labels, ...own, rivals, weights, rivalShare: RIVAL_SHARE }, random);
  const isTrusted = trusted(before, scores, faceScores);
  const rows = [...scores.keys()].filter((i) => Number.isFinite(scores[i]));
  const typical = typicalScores(
    scores,
    quality,
    Array.from(isTrusted, (yes) => yes > 0),
  );
  const witnesses = weightOfOthers(labels, isTrusted, copyGroups);
  const others = weightOfOthers(labels, new Float64Array(labels.length).fill(1), copyGroups);
  const posterior = noisePosterior({ scores, others, witnesses, rows: fittedOf(rows), typical, known });
  return { own, rivals, posterior };
}

/**
 * 1 for each image that may say what its person, and what a picture of its quality, looks like: not one in which hardly a face
 * was found. At the first look those that are nearest to their own.
 */
const trusted = (before: Look | undefined, scores: Float64Array, faceScores: Float32Array | null): Float64Array =>
  scores.map((score, i) => {
    if (isFaint(faceScores, i)) return 0;
    if (!before) return Number(score < 0);
    const { pNoise, pIfSharp } = before.posterior;
    return Number(pNoise[i] <= TRUSTED && pIfSharp[i] <= TRUSTED_IF_SHARP);
  });

const trustIn = (look: Look, faceScores: Float32Array | null): Float64Array =>
  trusted(look, look.posterior.pNoise, faceScores).map((yes, i) => (yes ? 1 - look.posterior.pNoise[i] : FAINTEST));

/** Standard deviations that 95 of 100 cases lie within. */
const WITHIN = 1.96;

/** The share found, as far as chance goes; and all that is too little seen may be noise as well. */
function noiseRateOf({ pNoise, pIfSharp, share, fails }: Posterior): NoiseRate {
  const estimate = share.open + share.closed;
  const count = pNoise.length;
  const undecided = pNoise.reduce((sum, p) => sum + p * (1 - p), 0) / count;
  const deviation = Math.sqrt((estimate * (1 - estimate) + undecided) / count);
  const unseen = pNoise.reduce((sum, p, i) => sum + Math.max(0, pIfSharp[i] - p), 0) / count;
  const low = Math.max(0, estimate - WITHIN * deviation - fails);
  return { estimate, low, high: Math.min(1, estimate + WITHIN * deviation + unseen + fails) };
}
