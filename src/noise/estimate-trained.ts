import { type Random, randomOf } from '../core/random.js';
import type { MatrixIn, Space } from '../core/spaces.js';
import { mean, standardDeviation } from '../core/statistics.js';
import { addTrainingMargins } from './add-training-margins.js';
import { type ClassMeans, leaveOneOutMeans } from './class-means.js';
import type { EstimateInput } from './estimate-input.js';
import { applyFacePresence } from './face-presence-prior.js';
import { initialWeights } from './initial-weights.js';
import { fitMixture, type Mixture, noiseProbabilities, noiseShare, type Normal, normalOf } from './mixture.js';
import { findNearestOtherClass, type NearestOtherClass } from './nearest-other-class.js';
import { type FirstEstimate, fittedOf, MIN_WEIGHT, type RefinedEstimate, type ScoredSpace } from './noise-estimate.js';
import { noiseScore, nullScores, type ScoredFeatures } from './null-scores.js';

/** k-NN agreement up to which an image nearer to another class is a suspect: one agreeing neighbour of ten may be chance. */
const MAX_SUSPECT_AGREEMENT = 0.15;
/** Self-training iterations: the weights give the means, the means give the weights. They settle after four. */
const ITERATIONS = 5;
/** Products of images and classes above which one iteration must do: a search for the nearest other class takes minutes there. */
const ONE_ITERATION_ABOVE = 2e8;
/** Weight of the nearest other class's cosine in the score: an image that is a little like everybody is no stranger for that. */
const OTHER_CLASS_WEIGHT = 0.5;
const RESAMPLES = 40;
/** The interval of larger sets is scaled down from resamples of this size. */
const RESAMPLE_SIZE = 2000;

/**
 * Computes p_noise where the network was trained on the labels (docs/calibrated-rule.md): it has learnt some of the wrong
 * ones, so noise scores better than the null distribution says, and the noise component is fitted as well, starting at
 * images that class means and neighbours contradict alike.
 *
 * @throws InterruptedError if `signal` is aborted
 */
export async function firstTrainedEstimate(
  features: MatrixIn<'frozen' | 'trained'>,
  input: EstimateInput,
  signal?: AbortSignal,
): Promise<FirstEstimate> {
  const random = randomOf(input.seed, 'as-if');
  const isLarge = input.labels.length * input.identities > ONE_ITERATION_ABOVE;
  const initial = initialWeights(features, input);
  const weights = isLarge ? initial : weightsAfter(await scoreRound(features, input, initial, random, signal));
  const rest = isLarge ? 1 : ITERATIONS - 1; // the first iteration was in the features' own space
  return { weights, refine: (whitened, signal_) => refine(whitened, input, weights, rest, random, signal_) };
}

async function refine(
  whitened: MatrixIn<'whitened'>,
  input: EstimateInput,
  weights: Float64Array,
  iterations: number,
  random: Random,
  signal?: AbortSignal,
): Promise<RefinedEstimate> {
  let last = await scoreRound(whitened, input, weights, random, signal);
  for (let i = 1; i < iterations; i++) last = await scoreRound(whitened, input, weightsAfter(last), random, signal);
  const { pNoise, fit, rows, estimate, means, nearestOther } = last;
  const margin = 1.96 * resampledDeviation(rows, fit, input.seed);
  const bounds = { low: Math.max(0, estimate - margin), high: Math.min(1, estimate + margin) };
  const noiseRate = rows.length === 0 ? null : { estimate, ...bounds };
  return { ...means, pNoise, noiseRate, nearestOther };
}

interface Round<S extends Space> extends ScoredSpace<S> {
  pNoise: Float64Array;
  /** Estimated share of noise. */
  estimate: number;
  /** Images whose score is known, and how the mixture of any of them is fitted. */
  rows: Int32Array;
  fit: (of: Int32Array) => Mixture;
}

const weightsAfter = <S extends Space>({ pNoise, means, nearestOther }: Round<S>): Float64Array =>
  pNoise.map((p, i) => (nearestOther.cosine[i] > means.ownClassCosine[i] ? MIN_WEIGHT : Math.max(1 - p, MIN_WEIGHT)));

async function scoreRound<S extends Space>(
  features: MatrixIn<S>,
  input: EstimateInput,
  weights: Float64Array,
  random: Random,
  signal?: AbortSignal,
): Promise<Round<S>> {
  const { labels, identities, copyGroups, search } = input;
  const means = leaveOneOutMeans(features, labels, weights, identities, copyGroups);
  const nearestOther = await findNearestOtherClass(features, means.means, labels, search, signal);
  return fitRound(features, input, means, nearestOther, weights, random);
}

function fitRound<S extends Space>(
  features: MatrixIn<S>,
  { labels, agreement, margins, faceScores }: EstimateInput,
  means: ClassMeans<S>,
  nearestOther: NearestOtherClass,
  weights: Float64Array,
  random: Random,
): Round<S> {
  const { ownClassCosine } = means;
  const plain = ownClassCosine.map((own, i) => noiseScore(own, nearestOther.cosine[i], OTHER_CLASS_WEIGHT));
  const scores = margins ? addTrainingMargins(plain, margins) : plain;
  const known = margins
    ? []
    : knownNoise({ features, labels, ...means, nearestOther, weights, otherClassWeight: OTHER_CLASS_WEIGHT }, random);
  const isNearerToOther = (i: number): boolean => nearestOther.cosine[i] > ownClassCosine[i];
  const isSuspect = (i: number): boolean => isNearerToOther(i) && (agreement[i] ?? 0) <= MAX_SUSPECT_AGREEMENT;
  const rows = Int32Array.from(scores.keys()).filter((i) => Number.isFinite(scores[i]));
  const fit = (of: Int32Array): Mixture =>
    fitMixture(
      Float64Array.from(of, (i) => scores[i]),
      Array.from(of, isSuspect),
      known,
    );
  const mixture = fit(Int32Array.from(fittedOf(Array.from(rows))));
  const share = noiseShare(mixture);
  const probabilities = noiseProbabilities(
    Float64Array.from(rows, (i) => scores[i]),
    mixture,
  );
  const byScore = new Float64Array(scores.length).fill(share); // the only photograph of a class has no score of its own
  rows.forEach((i, at) => (byScore[i] = probabilities[at]));
  const suspicion = byScore.map((_, i) => Number(isNearerToOther(i)));
  const pNoise = applyFacePresence(byScore, suspicion, faceScores);
  const estimate = share + mean(pNoise) - mean(byScore);
  return { means, nearestOther, pNoise, estimate, rows, fit };
}

/** Returns the null distributions of the scores as normals, where there is enough to go by. */
function knownNoise<S extends Space>(set: ScoredFeatures<S>, random: Random): Normal[] {
  const { open, closed } = nullScores(set, random);
  return [open, closed].filter(({ length }) => length > 1).map(normalOf);
}

/** Standard deviation of the noise rate over bootstrap resamples (Efron 1979). */
function resampledDeviation(rows: Int32Array, fit: (of: Int32Array) => Mixture, seed: number): number {
  const random = randomOf(seed, 'noise-rate');
  const size = Math.min(rows.length, RESAMPLE_SIZE);
  if (size === 0) return 0;
  const rates = Array.from({ length: RESAMPLES }, () =>
    noiseShare(fit(Int32Array.from({ length: size }, () => rows[random.integer(rows.length)]))),
  );
  return standardDeviation(rates) * Math.sqrt(size / rows.length);
}
