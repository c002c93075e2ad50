import { z } from 'zod';
import { quantile } from '../core/statistics.js';
import { dotAt, type Matrix } from '../core/vectors.js';
import { unitMeans } from './unit-means.js';

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

/** Images that show where the bar lies. */
const ASKED = 1000;
/** Share of a person's images that lie below the bar, and of the strangers that come nearer than it. */
const MISSED = 0.1;
const STRANGERS = 0.01;

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
  const bar = likenessBar(trained, centres);
  const tests = unitMeans(
    test,
    people.map(({ rows }) => rows),
  );
  const byLikeness = people.flatMap(({ person }, p) => {
    const { row, cosine } = nearest(tests, p, centres, -1);
    return bar !== null && cosine >= bar ? [{ person, identity: identities[row], cosine }] : [];
  });
  const named = new Map(identities.map((identity) => [plainName(identity), identity]));
  return {
    people: people.length,
    byName: people.flatMap(({ person }) => {
      const identity = named.get(plainName(person));
      return identity === undefined ? [] : [{ person, identity }];
    }),
    byLikeness: byLikeness.sort((a, b) => b.cosine - a.cosine),
    bar,
    byChance: bar === null ? 0 : STRANGERS * people.length,
  };
}

/** `Ada_Lovelace`, `ada lovelace` and `Ada-Lovelace` are one name. */
const plainName = (name: string): string =>
  name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s_-]+/g, ' ')
    .trim();

function likenessBar({ vectors, byIdentity }: TrainedPeople, centres: Matrix): number | null {
  const members = [...byIdentity.values()];
  const images = members.flatMap((rows, label) => (rows.length < 2 ? [] : rows.map((row) => ({ row, label }))));
  const asked = images.filter((_, i) => i % Math.ceil(images.length / ASKED) === 0);
  if (asked.length === 0 || centres.rows < 2) return null;
  const own = asked.map(({ row, label }) => {
    const others = unitMeans(vectors, [members[label].filter((other) => other !== row)]);
    return dotAt(vectors.data, row * vectors.dimensions, others.data, 0, vectors.dimensions);
  });
  const rivals = asked.map(({ row, label }) => nearest(vectors, row, centres, label).cosine);
  return Math.max(quantile(own, MISSED), quantile(rivals, 1 - STRANGERS));
}

function nearest(of: Matrix, row: number, centres: Matrix, except: number): { row: number; cosine: number } {
  const { dimensions } = of;
  let best = { row: -1, cosine: -Infinity };
  for (let c = 0; c < centres.rows; c++) {
    const cosine =
      c === except ? -Infinity : dotAt(of.data, row * dimensions, centres.data, c * dimensions, dimensions);
    if (cosine > best.cosine) best = { row: c, cosine };
  }
  return best;
}
