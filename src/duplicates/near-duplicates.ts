import { setImmediate } from 'node:timers/promises';
import { throwIfInterrupted } from '../core/interrupt.js';
import type { CroppedImage } from '../core/records.js';
import { type CropComparer, isSamePhotograph } from './compare-crops.js';
import { UnionFind } from '../core/union-find.js';

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

export function countDuplicates(
  { pairs, copyGroups }: NearDuplicates,
  images: readonly { identity: string }[],
): CopyCounts {
  const counts: CopyCounts = { bytes: 0, pixels: 0, near: 0, mirrored: 0, underSeveralIdentities: 0 };
  for (const { kind } of pairs) counts[kind]++;
  const several = new Set(
    [...copyGroups.keys()].flatMap((i) =>
      images[i].identity === images[copyGroups[i]].identity ? [] : [copyGroups[i]],
    ),
  );
  counts.underSeveralIdentities = several.size;
  return counts;
}

/** An image, as far as it is compared. */
export type Comparable = Pick<CroppedImage, 'sha256' | 'dhash' | 'width' | 'height'>;

export interface CandidateComparison {
  images: readonly Comparable[]; // (N)
  /** Slot of the crop that each image's features are of, (N). */
  slots: ArrayLike<number>;
  /** Which of its image's faces that is, (N). */
  faces: ArrayLike<number>;
  /** Image of each slot, -1 where it belongs to none. */
  imageOf: Int32Array;
  /** Pairs of slots to compare (candidates.ts). */
  candidates: Iterable<readonly [number, number]>;
  comparer: CropComparer;
  /** Correlation from which two equally light pictures are one photograph. */
  threshold: number;
}

/** Comparisons between two checks of the abort signal. */
const BLOCK = 500;

/**
 * Groups the images that show the same photograph: equal bytes, and candidates whose crops register onto each other pixel
 * by pixel. The groups do not depend on the order of images or candidates.
 *
 * @throws InterruptedError if `signal` is aborted
 */
export async function groupDuplicates(sources: CandidateComparison, signal?: AbortSignal): Promise<NearDuplicates> {
  const { images, slots, imageOf, candidates } = sources;
  const photographs = new UnionFind(images.length);
  const sameFaces = new UnionFind(images.length);
  const pairs = equalBytes(sources, photographs, sameFaces);
  let compared = 0;
  for (const [one, two] of candidates) {
    const [a, b] = [imageOf[one], imageOf[two]];
    const standFor = slots[a] === one && slots[b] === two;
    if (a === b || (photographs.together(a, b) && (!standFor || sameFaces.together(a, b)))) continue;
    if (++compared % BLOCK === 0) {
      throwIfInterrupted(signal);
      await setImmediate(); // lets Ctrl-C through
    }
    const kind = kindOf(sources, one, two);
    if (!kind) continue;
    if (!photographs.together(a, b)) pairs.push({ first: Math.min(a, b), second: Math.max(a, b), kind });
    photographs.join(a, b, kind === 'mirrored');
    if (standFor) sameFaces.join(a, b);
  }
  return {
    copyGroups: photographs.numbers(),
    faceGroups: sameFaces.numbers(),
    mirrored: photographs.mirroredFlags(),
    pairs,
  };
}

/** Pairs every image with the one before it in the order of content and face: k copies are k - 1 pairs. */
function equalBytes(
  { images, faces }: CandidateComparison,
  photographs: UnionFind,
  sameFaces: UnionFind,
): DuplicatePair[] {
  const order = [...images.keys()].sort(
    (a, b) => compareText(images[a].sha256, images[b].sha256) || faces[a] - faces[b] || a - b,
  );
  return order.slice(1).flatMap((b, i) => {
    const a = order[i];
    if (images[a].sha256 !== images[b].sha256) return [];
    photographs.join(a, b);
    if (faces[a] === faces[b]) sameFaces.join(a, b);
    return [{ first: Math.min(a, b), second: Math.max(a, b), kind: 'bytes' as const }];
  });
}

function kindOf(
  { images, imageOf, comparer, threshold }: CandidateComparison,
  one: number,
  two: number,
): DuplicateKind | undefined {
  const [a, b] = [images[imageOf[one]], images[imageOf[two]]];
  const sameSize = a.width === b.width && a.height === b.height;
  if (sameSize && a.dhash === b.dhash && comparer.equal(one, two)) return 'pixels';
  // Which picture is laid onto which must not depend on the order of the images.
  const swap = compareText(a.sha256, b.sha256) > 0;
  const similarity = swap ? comparer.compare(two, one) : comparer.compare(one, two);
  if (!isSamePhotograph(similarity, threshold)) return undefined;
  return similarity.mirrored ? 'mirrored' : 'near';
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
