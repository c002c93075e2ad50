import type { CroppedImage } from '../core/records.js';

/**
 * Returns whether an image is excluded from what shows whom a name means: an image without a face, or a copy of an earlier
 * one of its identity.
 */
export function excludedMembers(images: readonly CroppedImage[]): (image: number) => boolean {
  const seenUnder = new Map<string, Set<string>>(); // one set of all marks would be full at eight million images
  const out = Uint8Array.from(images, ({ identity, sha256, dhash, state }) => {
    const seen = seenUnder.get(identity) ?? new Set();
    seenUnder.set(identity, seen);
    const marks = [`file ${sha256}`, `picture ${dhash}`];
    const copy = marks.some((mark) => seen.has(mark));
    for (const mark of marks) seen.add(mark);
    return Number(copy || state === 'no-face');
  });
  return (image) => out[image] === 1;
}
