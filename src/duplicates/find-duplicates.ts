import { setImmediate } from 'node:timers/promises';
import { throwIfInterrupted } from '../core/interrupt.js';
import type { CroppedImage } from '../core/records.js';
import { type CropComparer, isSamePhotograph } from './compare-crops.js';
import { CopyGroups } from './union-find.js';

export type CopyKind = 'bytes' | 'pixels' | 'near' | 'mirrored';

/** Two images that show the same photograph, by their places in the set. */
export interface CopyPair {
  first: number;
  second: number;
  kind: CopyKind;
}

/** What of a set is the same photograph. Images with the same number in `copyGroups` are. */
export interface Copies {
  /** Group of each image, (N): the place of its first member. */
  copyGroups: Int32Array;
  /** The same, of images that also stand for the same face of it: nobody is called two names for being in a crowd. */
  faceGroups: Int32Array;
  /** Whether an image is the mirror image of its group's first, (N). */
  mirrored: boolean[];
  /** Pairs that were found; copies of copies are in the groups only. */
  pairs: CopyPair[];
}

export type CopyCounts = Record<CopyKind | 'underSeveralIdentities', number>;

export function countCopies({ pairs, copyGroups }: Copies, images: readonly { identity: string }[]): CopyCounts {
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

export interface CopySources {
  images: readonly Comparable[]; // (N)
  /** Slot of the crop that stands for each image, (N). */
  slots: ArrayLike<number>;
  /** Which of its image's faces that is, (N). */
  faces: ArrayLike<number>;
  /** Image of each slot, -1 where it is none of the set's. */
  imageOf: Int32Array;
  /** Pairs of slots worth a look (copy-candidates.ts). */
  candidates: Iterable<readonly [number, number]>;
  comparer: CropComparer;
  /** Correlation from which two equally light pictures are one photograph. */
  bar: number;
}

/** Comparisons between two looks at the abort signal. */
const BLOCK = 500;

/**
 * Finds the images that show the same photograph: equal bytes, and candidates whose crops fit onto each other pixel by
 * pixel. The groups do not depend on the order of images or candidates. @throws InterruptedError
 */
export async function findCopies(sources: CopySources, signal?: AbortSignal): Promise<Copies> {
  const { images, slots, imageOf, candidates } = sources;
  const photographs = new CopyGroups(images.length);
  const sameFaces = new CopyGroups(images.length);
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

/** Every image with the one before it in the order of content and face: k copies are k - 1 pairs. */
function equalBytes({ images, faces }: CopySources, photographs: CopyGroups, sameFaces: CopyGroups): CopyPair[] {
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

function kindOf({ images, imageOf, comparer, bar }: CopySources, one: number, two: number): CopyKind | undefined {
  const [a, b] = [images[imageOf[one]], images[imageOf[two]]];
  const sameSize = a.width === b.width && a.height === b.height;
  if (sameSize && a.dhash === b.dhash && comparer.equal(one, two)) return 'pixels';
  // Which picture is laid onto which must not depend on the order of the images.
  const swap = compareText(a.sha256, b.sha256) > 0;
  const likeness = swap ? comparer.compare(two, one) : comparer.compare(one, two);
  if (!isSamePhotograph(likeness, bar)) return undefined;
  return likeness.mirrored ? 'mirrored' : 'near';
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
