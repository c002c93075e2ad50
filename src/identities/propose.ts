import type { IdentityProposals } from './proposals.js';
import type { EffectiveNames } from './names/effective-names.js';
import type { AlikePair } from './closest-pairs.js';
import { ownersFirst } from './owner-cluster.js';
import { likenessBars } from './similarity-model.js';
import { personCores } from './class-prototypes.js';
import { type MergePair, mergePairs } from './merges.js';
import { type SplitLabel, splitLabels } from './splits.js';
import { type NamedImages, surveyIdentities } from './cluster-identities.js';

/** Proposals in labels and row numbers. */
export interface LabelProposals {
  merges: MergePair[];
  splits: SplitLabel[];
  /** Row numbers of the images that each name means; null where no two images under it are alike. */
  cores: (readonly number[] | null)[];
}

/**
 * One person under two names, and two people under one name. Needs embeddings, labels and neighbours only, so it can be
 * asked before any other evidence. Bars come from the set; neither order nor names of the images matter. Takes n*n steps
 * for an identity of n images (at most 400 are linked), C steps for each of 256 identities.
 */
export function proposeIdentities(images: NamedImages): LabelProposals {
  const found = surveyIdentities(images);
  const bars = likenessBars(personCores(images.embeddings, found.groups));
  const survey = ownersFirst(images, found, bars);
  const cores = personCores(images.embeddings, survey.groups);
  return {
    merges: mergePairs(images, survey, cores, bars),
    splits: splitLabels(images, survey, bars),
    cores: cores.group.map((core) => core?.members ?? null),
  };
}

/** The images that proposals are about, and what people said of their names. */
export interface NamedImagesOfSet {
  identities: readonly string[];
  images: readonly { path: string }[];
  names: EffectiveNames;
}

/** Says of each proposal whether a person answered it: then it changes no decision. */
export function markAnswered(
  proposals: LabelProposals,
  { identities, images, names }: NamedImagesOfSet,
): LabelProposals {
  if (names.state === undefined) return proposals;
  const since = names.since(names.state);
  const paths = images.map(({ path }) => path);
  const named = inNames(proposals, identities, paths);
  return {
    ...proposals,
    merges: proposals.merges.map((merge, i) => ({ ...merge, answered: since.answerToMerge(named.merges[i]) !== null })),
    splits: proposals.splits.map((split, i) => ({ ...split, answered: since.answerToSplit(named.splits[i]) !== null })),
  };
}

/** Proposals that nobody has answered. */
export const openOnes = <P extends { answered?: boolean }>(proposals: readonly P[]): P[] =>
  proposals.filter(({ answered }) => !answered);

/** Labels whose images are one person's under several names: each of the first ones' own label, else the lowest of them. */
export function mergedLabels(labels: number, merges: readonly MergePair[]): Int32Array {
  const merged = Int32Array.from({ length: labels }, (_, label) => label);
  const lowest = (label: number): number => {
    let at = label;
    while (merged[at] !== at) at = merged[at];
    return at;
  };
  for (const { a, b } of openOnes(merges)) {
    const [one, other] = [lowest(a), lowest(b)];
    merged[Math.max(one, other)] = Math.min(one, other);
  }
  return merged.map((_, label) => lowest(label));
}

/** Proposals in words: @param identities label -> name @param paths row -> path */
export function inNames(
  { merges, splits }: Pick<LabelProposals, 'merges' | 'splits'>,
  identities: readonly string[],
  paths: readonly string[],
): IdentityProposals {
  const inPaths = (pairs: readonly AlikePair[]) =>
    pairs.map(({ images: [a, b], cosine }) => ({ a: paths[a], b: paths[b], cosine }));
  return {
    merges: merges.map(({ a, b, confidence, cosine, likeness, pairsAbove, examples }) => ({
      ...{ a: identities[a], b: identities[b], confidence, cosine, likeness, pairsAboveBar: pairsAbove },
      examples: inPaths(examples),
    })),
    splits: splits.map(({ label, confidence, groups, examples }) => ({
      ...{ identity: identities[label], confidence },
      examples: inPaths(examples),
      groups: groups.map(({ images, likeness, confidence }) => ({
        ...{ images: images.map((image) => paths[image]).sort(), count: images.length, likeness, confidence },
      })),
    })),
  };
}
