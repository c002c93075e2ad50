import { groupBy } from '../core/groups.js';
import { EmptyInputError, FacesieveError } from '../core/errors.js';
import { centreCosines } from '../core/nearest-centres.js';
import { suggestName } from '../core/nearest-name.js';
import { bestOfEach, personBar, sharedPeople } from '../metrics/shared-people.js';
import { unitMeans } from '../core/unit-means.js';
import { embeddingsOf } from '../workspace/embedding-file.js';
import { keptImages, type PurifiedList, readPurifiedList } from '../workspace/purified-list.js';
import { findRun } from '../workspace/runs.js';
import type { Workspace } from '../workspace/workspace.js';

/** There is no other set of that name in the workspace. */
export class UnknownSetError extends FacesieveError {}

/** A name of this set and one of the other that seem to be one person. */
export interface MatchedPair {
  a: string;
  b: string;
  /** That they are one person, [0, 1]. */
  confidence: number;
  /** Of the centres of the two. */
  cosine: number;
}

export interface Matched {
  /** The surest first; a name of the other set is in one pair at most. */
  pairs: MatchedPair[];
  /** Every name of the other set, sorted. */
  names: string[];
}

/** What `--reference` is called here. */
const REFERENCE = 'reference';

/**
 * The people that two sets of a workspace share: kept images of the set against those of the source `--also other=PATH`, or
 * against the reference set. Names that are the same already are no pair.
 * @throws UnknownSetError, EmptyInputError, MissingStageError
 */
export function matchPeople(workspace: Workspace, other: string): Matched {
  const list = readPurifiedList(workspace);
  const run = findRun(workspace, findRun(workspace, list.siftRun)!.parent!)!;
  const { vectors, untouched } = embeddingsOf(workspace, run.id);
  const looks = untouched ?? vectors;
  const { mine, theirs } = slotsByName(list, other);
  if (mine.size === 0)
    throw new EmptyInputError('Nothing of the set itself is kept, so there is no person to compare with.');
  const [ours, others] = [[...mine.keys()], [...theirs.keys()]];
  const centres = unitMeans(looks, [...mine.values()]);
  const { own, rivals } = centreCosines(looks, [...mine.values()], centres);
  const bar = personBar(own, rivals);
  if (bar === null)
    throw new EmptyInputError(
      'No identity of the set keeps two images or more: nothing shows how alike one person is.',
      ['Ingest a set with several images of each person.'],
    );
  const shared = bestOfEach(sharedPeople(unitMeans(looks, [...theirs.values()]), centres, bar));
  return {
    pairs: shared
      .map(({ person, identity, cosine, confidence }) => ({ a: ours[identity], b: others[person], confidence, cosine }))
      .filter(({ a, b }) => a !== b),
    names: others.sort(),
  };
}

/** Crop slots of the people of the set, and of the other one. @throws UnknownSetError, EmptyInputError */
function slotsByName(list: PurifiedList, other: string): Record<'mine' | 'theirs', Map<string, number[]>> {
  const isReference = other === REFERENCE && list.dataset.reference.length > 0;
  const kept = keptImages(list).map(({ image, finalIdentity }) => ({ ...image, identity: finalIdentity }));
  const isTheirs = ({ path }: { path: string }): boolean => !isReference && path.startsWith(`@${other}/`);
  const slots = (images: readonly { identity: string; slot: number }[]): Map<string, number[]> =>
    groupBy(
      images,
      ({ identity }) => identity,
      ({ slot }) => slot,
    );
  const mine = slots(kept.filter((image) => !isTheirs(image)));
  const theirs = slots(isReference ? list.dataset.reference : kept.filter(isTheirs));
  if (theirs.size > 0) return { mine, theirs };
  const known = otherSets(list);
  if (known.includes(other))
    throw new EmptyInputError(`Nothing of "${other}" is kept, so there is no person to compare with.`);
  throw new UnknownSetError(
    `There is no other set "${other}" in this workspace.`,
    known.length === 0
      ? ['Name it when you ingest: facesieve ingest SOURCE --also NAME=PATH, or --reference PATH']
      : [...suggestName(other, known), `There is: ${known.join(', ')}.`],
  );
}

function otherSets({ images, dataset }: PurifiedList): string[] {
  const also = images.flatMap(({ path }) => /^@([^/]+)\//.exec(path)?.[1] ?? []);
  return [...new Set(also), ...(dataset.reference.length > 0 ? [REFERENCE] : [])];
}
