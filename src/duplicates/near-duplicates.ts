import { UnionFind } from '../core/union-find.js';
import type { SlotPair } from './candidates.js';
import type { ComparableImages } from './comparable-images.js';
import { type ComparisonTask, type CropPairs, pairKinds } from './comparison.js';
import type { ComparisonPool } from './comparison-pool.js';

export type DuplicateKind = 'bytes' | 'pixels' | 'near' | 'mirrored';

/** Two images that show the same photograph, by their places in the set. */
export interface DuplicatePair {
  first: number;
  second: number;
  kind: DuplicateKind;
}

/** Which images of a set show the same photograph: those with the same number in `copyGroups`. */
export interface NearDuplicates {
  /** Group of each image, (N): the place of its first member. */
  copyGroups: Int32Array;
  /** The same, of images whose features are also of the same face: two people of one photograph are no conflict. */
  faceGroups: Int32Array;
  /** Whether an image is the mirror image of the first of its group, (N). */
  mirrored: boolean[];
  /** Pairs that were found; copies of copies are in the groups only. */
  pairs: DuplicatePair[];
}

/** Returns `images` images of which no two show the same photograph. */
export const apart = (images: number): NearDuplicates => ({
  copyGroups: Int32Array.from({ length: images }, (_, i) => i),
  faceGroups: Int32Array.from({ length: images }, (_, i) => i),
  mirrored: Array<boolean>(images).fill(false),
  pairs: [],
});

export type CopyCounts = Record<DuplicateKind | 'underSeveralIdentities', number>;

/** @param labels of the images, (N) */
export function countDuplicates({ pairs, copyGroups }: NearDuplicates, labels: ArrayLike<number>): CopyCounts {
  const counts: CopyCounts = { bytes: 0, pixels: 0, near: 0, mirrored: 0, underSeveralIdentities: 0 };
  for (const { kind } of pairs) counts[kind]++;
  const isSeveral = new Uint8Array(copyGroups.length);
  copyGroups.forEach((group, i) => {
    if (labels[i] !== labels[group]) isSeveral[group] = 1;
  });
  for (const yes of isSeveral) counts.underSeveralIdentities += yes;
  return counts;
}

export interface CandidateComparison {
  images: ComparableImages; // (N)
  /** Slot of the crop that each image's features are of, (N). */
  slots: ArrayLike<number>;
  /** Which of its image's faces that is, (N). */
  faces: ArrayLike<number>;
  /** Image of each slot, -1 where it belongs to none. */
  imageOf: Int32Array;
  /** Pairs of slots to compare (candidates.ts). */
  candidates: Iterable<SlotPair>;
  pool: ComparisonPool;
}

/** Pairs that one task compares: a tenth of a second where all must be registered. */
const PAIRS = 256;

/**
 * Groups the images that show the same photograph: equal bytes, and candidates whose crops register onto each other pixel
 * by pixel. The groups do not depend on the order of images or candidates, and nothing depends on how many threads compare.
 *
 * @throws InterruptedError if `signal` is aborted
 */
export async function groupDuplicates(sources: CandidateComparison, signal?: AbortSignal): Promise<NearDuplicates> {
  const { images, imageOf, pool } = sources;
  const photographs = new UnionFind(images.length);
  const sameFaces = new UnionFind(images.length);
  const pairs = equalBytes(sources, photographs, sameFaces);
  /** Two groups of images that a pair of slots would join; undefined where they are one already. */
  const wouldJoin = (one: number, two: number): { standFor: boolean } | undefined => {
    const [a, b] = [imageOf[one], imageOf[two]];
    const standFor = sources.slots[a] === one && sources.slots[b] === two;
    const isKnown = a === b || (photographs.together(a, b) && (!standFor || sameFaces.together(a, b)));
    return isKnown ? undefined : { standFor };
  };
  const take = (kinds: Uint8Array, { firsts, seconds }: CropPairs): void =>
    kinds.forEach((place, p) => {
      const joins = place === 0 ? undefined : wouldJoin(firsts[p], seconds[p]);
      if (!joins) return; // an earlier pair may have joined them while this one was compared
      const [a, b] = [imageOf[firsts[p]], imageOf[seconds[p]]];
      const kind = pairKinds[place] as DuplicateKind;
      if (!photographs.together(a, b)) pairs.push({ first: Math.min(a, b), second: Math.max(a, b), kind });
      photographs.join(a, b, kind === 'mirrored');
      if (joins.standFor) sameFaces.join(a, b);
    });
  await pool.each(pairTasks(sources, wouldJoin), take as (result: Uint8Array, task: ComparisonTask) => void, signal);
  return {
    copyGroups: photographs.numbers(),
    faceGroups: sameFaces.numbers(),
    mirrored: photographs.mirroredFlags(),
    pairs,
  };
}

/** Candidates that would join two groups, some hundred a task. */
function* pairTasks(
  { images, imageOf, candidates }: CandidateComparison,
  wouldJoin: (one: number, two: number) => unknown,
): Generator<CropPairs & { kind: 'pairs' }> {
  const chunk = { firsts: new Int32Array(PAIRS), seconds: new Int32Array(PAIRS), likely: new Uint8Array(PAIRS) };
  let used = 0;
  const task = () => ({
    kind: 'pairs' as const,
    firsts: chunk.firsts.slice(0, used),
    seconds: chunk.seconds.slice(0, used),
    likely: chunk.likely.slice(0, used),
  });
  for (const [one, two] of candidates) {
    if (!wouldJoin(one, two)) continue;
    const [a, b] = [imageOf[one], imageOf[two]];
    // Which picture is laid onto which must not depend on the order of the images.
    const swap = images.compareContents(a, b) > 0;
    [chunk.firsts[used], chunk.seconds[used]] = swap ? [two, one] : [one, two];
    chunk.likely[used++] = Number(maySharePixels(images, a, b));
    if (used < PAIRS) continue;
    yield task();
    used = 0;
  }
  if (used > 0) yield task();
}

const maySharePixels = ({ widths, heights, hashes }: ComparableImages, a: number, b: number): boolean =>
  widths[a] === widths[b] &&
  heights[a] === heights[b] &&
  hashes[2 * a] === hashes[2 * b] &&
  hashes[2 * a + 1] === hashes[2 * b + 1];

/** Pairs every image with the one before it in the order of content and face: k copies are k - 1 pairs. */
function equalBytes(
  { images, faces }: CandidateComparison,
  photographs: UnionFind,
  sameFaces: UnionFind,
): DuplicatePair[] {
  const order = new Int32Array(images.length).map((_, i) => i);
  order.sort((a, b) => images.compareContents(a, b) || faces[a] - faces[b] || a - b);
  const pairs: DuplicatePair[] = [];
  for (let i = 1; i < order.length; i++) {
    const [a, b] = [order[i - 1], order[i]];
    if (images.compareContents(a, b) !== 0) continue;
    photographs.join(a, b);
    if (faces[a] === faces[b]) sameFaces.join(a, b);
    pairs.push({ first: Math.min(a, b), second: Math.max(a, b), kind: 'bytes' });
  }
  return pairs;
}
