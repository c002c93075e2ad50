import type { SimilarityModel, Spread } from './similarity-model.js';

/**
 * Confidence that two groups of images are one person, [0, 1]: what share of the pairs as alike as this are expected to
 * be, when every person of the set is a chance that its most alike other one comes as near (a local false discovery
 * rate, Efron 2004). NaN model (a set too small to tell): 0.
 */
export function mergeConfidence(similarity: number, { onePerson, twoPeople, people }: SimilarityModel): number {
  const right = shareBelow(similarity, onePerson);
  return confidence(right, people * (1 - shareBelow(similarity, twoPeople)));
}

/** Confidence that two groups are two people: what is expected of people, against children of one that lie as far apart. */
export function splitConfidence(similarity: number, { onePerson, twoPeople, people }: SimilarityModel): number {
  const right = 1 - shareBelow(similarity, twoPeople);
  return confidence(right, people * shareBelow(similarity, onePerson));
}

/** That two names are one person is worth a person's time when it is likelier right than wrong. */
export const isProposed = (confidence: number): boolean => confidence >= 0.5;

const confidence = (right: number, wrong: number): number => (right > 0 ? right / (right + wrong) : 0);

/** Share of a logistic distribution below `value`: tails heavier than the normal one's, as extremes have. */
export const shareBelow = (value: number, { middle, deviation }: Spread): number =>
  1 / (1 + Math.exp((-(value - middle) * Math.PI) / (deviation * Math.sqrt(3))));
