import { type Random, randomOf } from '../core/random.js';
import { mean, standardDeviation } from '../core/statistics.js';
import { findRivals, type Rivals } from './nearest-other-class.js';
import { addTrainingMargins } from './add-training-margins.js';
import { type Calibration, FAINTEST, fittedOf } from './noise-estimate.js';
import type { CalibrationInput } from './estimate-input.js';
import { fitMixture, type Mixture, noiseProbabilities, noiseShare, type Normal, normalOf } from './mixture.js';
import { type IntoSpace, identitySpace } from './wccn.js';
import { type OwnCentres, ownCentres } from './class-means.js';
import { scoreOf, scoresAsIfNoise, type ScoredSet } from './null-scores.js';
import { startingWeights } from './initial-weights.js';
import { weighFaceless } from './face-presence-prior.js';

/** Neighbour agreement up to which a neighbourhood counts as strangers: one witness of ten may be chance. */
const STRANGERS = 0.15;
/** Rounds of "who is clean says where the centres are, the centres say who is clean": they settle after four. */
const ROUNDS = 5;
/** The round that looks for the space: the worst is known by then, and a second look changed nothing. */
const SPACE_ROUND = 1;
/** Products of images and identities above which one round must do: a search for rivals takes minutes there. */
const ONE_ROUND_ABOVE = 2e8;
/** Of the rival's cosine in the score: an image that is a little like everybody is no stranger for that. */
const RIVAL_SHARE = 0.5;
const RESAMPLES = 40;
/** The interval of larger sets is scaled down from resamples of this size. */
const RESAMPLE_SIZE = 2000;

/**
 * p_noise where the network was trained on the labels (docs/calibrated-rule.md): it has learnt some of the wrong ones, so
 * noise scores better than it would by chance, and its shape is fitted, starting at images that centres and neighbours
 * contradict alike. `input.vectors` are brought into the identity space where they lie. @throws InterruptedError
 */
export async function calibrateTrained(input: CalibrationInput, signal?: AbortSignal): Promise<Calibration> {
  const { vectors, labels, identities, copyGroups, seed, settings } = input;
  const random = randomOf(seed, 'as-if');
  let weights = startingWeights(input);
  let weighed: Weighed | undefined;
  let intoSpace: IntoSpace = () => undefined;
  const rounds = labels.length * identities > ONE_ROUND_ABOVE ? 1 : ROUNDS;
  for (let round = 0; round < rounds; round++) {
    if (round === SPACE_ROUND || rounds === 1) {
      intoSpace = identitySpace(vectors, labels, weights, identities);
      intoSpace(vectors);
    }
    const own = ownCentres(vectors, labels, weights, identities, copyGroups);
    const rivals = await findRivals(vectors, own.centres, labels, settings, signal);
    weighed = weigh(input, own, rivals, weights, random);
    weights = weighed.pNoise.map((p, i) => (rivals.cosine[i] > own.cosOwn[i] ? FAINTEST : Math.max(1 - p, FAINTEST)));
  }
  const { pNoise, fit, rows, estimate, own, rivals } = weighed!;
  const margin = 1.96 * resampledDeviation(rows, fit, seed);
  const bounds = { low: Math.max(0, estimate - margin), high: Math.min(1, estimate + margin) };
  const noiseRate = rows.length === 0 ? null : { estimate, ...bounds };
  return { ...own, pNoise, noiseRate, rivals, intoSpace };
}

interface Weighed {
  own: OwnCentres;
  rivals: Rivals;
  pNoise: Float64Array;
  /** Estimated share of noise. */
  estimate: number;
  /** Images whose score is known, and how the mixture of any of them is fitted. */
  rows: Int32Array;
  fit: (of: Int32Array) => Mixture;
}

function weigh(
  { vectors, labels, agreement, margins, faceScores }: CalibrationInput,
  own: OwnCentres,
  rivals: Rivals,
  weights: Float64Array,
  random: Random,
): Weighed {
  const plain = own.cosOwn.map((cosOwn, i) => scoreOf(cosOwn, rivals.cosine[i], RIVAL_SHARE));
  const scores = margins ? addTrainingMargins(plain, margins) : plain;
  const known = margins
    ? []
    : knownNoise({ vectors, labels, ...own, rivals, weights, rivalShare: RIVAL_SHARE }, random);
  const isSuspect = (i: number): boolean => rivals.cosine[i] > own.cosOwn[i] && (agreement[i] ?? 0) <= STRANGERS;
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
  const byLooks = new Float64Array(scores.length).fill(share); // of an identity's only photograph no more is known
  rows.forEach((i, at) => (byLooks[i] = probabilities[at]));
  const nearerToOthers = byLooks.map((_, i) => Number(rivals.cosine[i] > own.cosOwn[i]));
  const pNoise = weighFaceless(byLooks, nearerToOthers, faceScores);
  const estimate = share + mean(pNoise) - mean(byLooks);
  return { own, rivals, pNoise, estimate, rows, fit };
}

/** What the two kinds of noise look like, where there is enough to go by. */
function knownNoise(set: ScoredSet, random: Random): Normal[] {
  const { open, closed } = scoresAsIfNoise(set, random);
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
