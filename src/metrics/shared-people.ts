import { mean, quantile, standardDeviation } from '../core/statistics.js';
import { dotRows, type Matrix } from '../core/vectors.js';

/** Share of a person's images whose cosine to the centre of the person's others lies below the bar. */
const MISSED = 0.1;
/** Share of images that come nearer than it to the centre of somebody else: strangers must not reach it by chance. */
export const IMPOSTOR_RATE = 0.01;

/** From which cosine two means are called one person, and how sure that is. */
export interface PersonBar {
  bar: number;
  /** That two means of this cosine are one person, [0, 1]: images of the person itself against the nearest strangers. */
  confidence(cosine: number): number;
}

/**
 * The bar of a set: what nine of ten images reach to the centre of their person's others, and no less than what all but one
 * in a hundred stay below to anybody else's.
 * @param own cosines of images to the centre of their person's other images
 * @param rivals cosines of images to the nearest centre of somebody else
 * @returns null when there are no such images
 */
export function personBar(own: readonly number[], rivals: readonly number[]): PersonBar | null {
  if (own.length === 0) return null;
  const bar = Math.max(quantile(own, MISSED), rivals.length > 0 ? quantile(rivals, 1 - IMPOSTOR_RATE) : 0);
  return { bar, confidence: confidenceOf(own, rivals) };
}

/** Least scatter: no set is so regular that less can be told apart. */
const LEAST_DEVIATION = 0.01;

/** Odds of two logistic tails: as few of the own lie below, against as few of the nearest strangers above. */
function confidenceOf(own: readonly number[], rivals: readonly number[]): PersonBar['confidence'] {
  const ownBelow = shareBelow(own);
  const rivalsBelow = shareBelow(rivals);
  return (cosine) => {
    const right = ownBelow(cosine);
    return right / (right + 1 - rivalsBelow(cosine));
  };
}

function shareBelow(values: readonly number[]): (cosine: number) => number {
  if (values.length < 2) return () => 1;
  const middle = mean(values);
  const deviation = Math.max(LEAST_DEVIATION, standardDeviation(values));
  return (cosine) => 1 / (1 + Math.exp((-(cosine - middle) * Math.PI) / (deviation * Math.sqrt(3))));
}

/** A person and an identity that seem to be one, as rows. */
export interface SharedPerson {
  person: number;
  identity: number;
  cosine: number;
  confidence: number;
}

/**
 * People of another set who are in this one: every identity whose centre is as near to a person's mean as the bar asks, the
 * most alike first. @param people (P, D) and @param centres (C, D), unit rows in one space
 */
export function sharedPeople(people: Matrix, centres: Matrix, { bar, confidence }: PersonBar): SharedPerson[] {
  const shared: SharedPerson[] = [];
  for (let person = 0; person < people.rows; person++)
    for (let identity = 0; identity < centres.rows; identity++) {
      const cosine = dotRows(people, person, centres, identity);
      if (cosine >= bar) shared.push({ person, identity, cosine, confidence: confidence(cosine) });
    }
  return shared.sort((a, b) => b.cosine - a.cosine);
}

/** Of each person only the most alike identity. @param shared the most alike first */
export function bestOfEach(shared: readonly SharedPerson[]): SharedPerson[] {
  const seen = new Set<number>();
  return shared.filter(({ person }) => !seen.has(person) && seen.add(person));
}
