import { membersByLabel } from '../core/groups.js';
import type { ListOf } from '../core/image-table.js';
import type { CroppedImage } from '../core/records.js';

type MarkedMember = Pick<CroppedImage, 'sha256' | 'dhash' | 'state'>;

/**
 * Returns whether an image is excluded from what shows whom a name means: an image without a face, or a copy of an earlier
 * one of its identity.
 * @param labels of the images, (N)
 */
export function excludedMembers(images: ListOf<MarkedMember>, labels: ArrayLike<number>): (image: number) => boolean {
  const out = new Uint8Array(images.length);
  // Identity by identity: a Set of the marks of all images holds no more than 2^24 of them.
  for (const members of membersByLabel(labels)) {
    const seen = new Set<string>();
    for (const i of members) {
      const { sha256, dhash, state } = images.at(i)!;
      const isCopy = seen.has(sha256) || seen.has(dhash);
      seen.add(sha256).add(dhash);
      out[i] = Number(isCopy || state === 'no-face');
    }
  }
  return (image) => out[image] === 1;
}
