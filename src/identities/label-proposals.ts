import { UnionFind } from '../core/union-find.js';
import type { AlikePair } from './closest-pairs.js';
import type { MergePair } from './merges.js';
import type { EffectiveNames } from './names/effective-names.js';
import type { IdentityProposals } from './proposals.js';
import type { SplitLabel } from './splits.js';

/** Proposals in labels and row numbers. */
export interface LabelProposals {
  /** Pairs of labels that seem to be one person, the surest first. */
  merges: MergePair[];
  /** Labels that seem to be several people, the surest first. */
  splits: SplitLabel[];
  /** Row numbers of the main cluster of each label; null where no two images under it are alike. */
  prototypes: (readonly number[] | null)[];
}

/** The images that proposals are about, and what people said of their names. */
export interface NamedImagesOfSet {
  identities: readonly string[];
  images: Iterable<{ path: string }>;
  names: EffectiveNames;
}

/** Returns the proposals marked by whether a person answered them: an answered proposal changes no decision. */
export function markAnswered(
  proposals: LabelProposals,
  { identities, images, names }: NamedImagesOfSet,
): LabelProposals {
  if (names.state === undefined) return proposals;
  const since = names.since(names.state);
  const paths = Array.from(images, ({ path }) => path);
  const named = namedProposals(proposals, identities, paths);
  return {
    ...proposals,
    merges: proposals.merges.map((merge, i) => ({ ...merge, answered: since.answerToMerge(named.merges[i]) !== null })),
    splits: proposals.splits.map((split, i) => ({ ...split, answered: since.answerToSplit(named.splits[i]) !== null })),
  };
}

/** Returns the proposals that nobody has answered. */
export const unanswered = <P extends { answered?: boolean }>(proposals: readonly P[]): P[] =>
  proposals.filter(({ answered }) => !answered);

/** Returns for each label the lowest label of the same person, by the merges that nobody has answered. */
export function mergedLabels(labels: number, merges: readonly MergePair[]): Int32Array {
  const people = new UnionFind(labels);
  for (const { a, b } of unanswered(merges)) people.join(a, b);
  return people.numbers();
}

/**
 * Returns proposals with names and paths, under the keys that they are stored by.
 *
 * @param identities label -> name
 * @param paths row -> path
 */
export function namedProposals(
  { merges, splits }: Pick<LabelProposals, 'merges' | 'splits'>,
  identities: readonly string[],
  paths: readonly string[],
): IdentityProposals {
  const inPaths = (pairs: readonly AlikePair[]) =>
    pairs.map(({ images: [a, b], cosine }) => ({ a: paths[a], b: paths[b], cosine }));
  return {
    merges: merges.map(({ a, b, confidence, cosine, similarity, pairsAbove, examples }) => ({
      ...{ a: identities[a], b: identities[b], confidence, cosine, likeness: similarity, pairsAboveBar: pairsAbove },
      examples: inPaths(examples),
    })),
    splits: splits.map(({ label, confidence, groups, examples }) => ({
      ...{ identity: identities[label], confidence },
      examples: inPaths(examples),
      groups: groups.map(({ images, similarity, confidence }) => ({
        ...{ images: images.map((image) => paths[image]).sort(), count: images.length },
        ...{ likeness: similarity, confidence },
      })),
    })),
  };
}
