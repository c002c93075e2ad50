import type { CroppedImage } from '../core/records.js';

/**
 * Returns whether an image is excluded from what shows whom a name means: an image without a face, or a copy of an earlier
 * one of its identity.
 */
export function excludedMembers(images: readonly CroppedImage[]): (image: number) => boolean {
  const seen = new Set<string>();
  const out = images.map(({ identity, sha256, dhash, state }) => {
    const marks = [sha256, dhash].map((mark) => JSON.stringify([identity, mark]));
    const copy = marks.some((mark) => seen.has(mark));
    for (const mark of marks) seen.add(mark);
    return copy || state === 'no-face';
  });
  return (image) => out[image];
}
