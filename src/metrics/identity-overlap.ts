import { z } from 'zod';
import { centreCosines } from '../core/nearest-centres.js';
import { bestOfEach, personBar, sharedPeople, IMPOSTOR_RATE } from './shared-people.js';
import { unitMeans } from '../core/unit-means.js';
import type { Matrix } from '../core/vectors.js';

export const overlapSchema = z.object({
  /** People in the pairs: images joined by a name, a template or a genuine pair. */
  people: z.number().int(),
  /** Those whose name is one of the training set's. */
  byName: z.array(z.object({ person: z.string(), identity: z.string() })),
  /** Those whose mean embedding is as near to a training identity as its own images are, the most alike first. */
  byLikeness: z.array(z.object({ person: z.string(), identity: z.string(), cosine: z.number() })),
  /** Cosine from which two are called the same person; null when the training set cannot tell. */
  bar: z.number().nullable(),
  /** How many of the people would be found by likeness though nobody is in both sets. */
  byChance: z.number(),
});
export type IdentityOverlap = z.infer<typeof overlapSchema>;

/** A person of the pairs, and the rows of the images. */
export interface TestPerson {
  person: string;
  rows: number[];
}

/** Kept images of the training set by identity, as rows of `vectors` (N, D). */
export interface TrainedPeople {
  vectors: Matrix;
  byIdentity: Map<string, number[]>;
}

/**
 * People of a test set who are in the training set too: both would flatter any figure. The bar is what nine of ten kept
 * images reach to the mean of their identity's others, and no less than what all but one in a hundred stay below to
 * any other identity. @param test (M, D), in the space of `trained`
 */
export function findIdentityOverlap(
  trained: TrainedPeople,
  test: Matrix,
  people: readonly TestPerson[],
): IdentityOverlap {
  const identities = [...trained.byIdentity.keys()];
  const centres = unitMeans(trained.vectors, [...trained.byIdentity.values()]);
  const { own, rivals } = centreCosines(trained.vectors, [...trained.byIdentity.values()], centres);
  const bar = centres.rows < 2 ? null : personBar(own, rivals); // without strangers nothing shows how near those come
  const tests = unitMeans(
    test,
    people.map(({ rows }) => rows),
  );
  const byLikeness = bestOfEach(bar === null ? [] : sharedPeople(tests, centres, bar)).map(
    ({ person, identity, cosine }) => ({ person: people[person].person, identity: identities[identity], cosine }),
  );
  const named = new Map(identities.map((identity) => [plainName(identity), identity]));
  return {
    people: people.length,
    byName: people.flatMap(({ person }) => {
      const identity = named.get(plainName(person));
      return identity === undefined ? [] : [{ person, identity }];
    }),
    byLikeness,
    bar: bar === null ? null : bar.bar,
    byChance: bar === null ? 0 : IMPOSTOR_RATE * people.length,
  };
}

/** `Ada_Lovelace`, `ada lovelace` and `Ada-Lovelace` are one name. */
const plainName = (name: string): string =>
  name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s_-]+/g, ' ')
    .trim();
