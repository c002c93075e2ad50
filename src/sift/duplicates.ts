import type { CroppedImage, Decision, DecisionName } from '../core/records.js';
import { hashDistance } from '../images/perceptual-hash.js';

const kept = new Set<DecisionName>(['keep', 'hard', 'review']);

/**
 * Turns copies of a kept image of the same identity into `duplicate`: equal bytes, or difference hashes at most `bits`
 * apart. The first by path stays. Copies across identities are left to the other evidence: one of them is wrong.
 */
export function markDuplicates(
  decisions: readonly Decision[],
  images: readonly CroppedImage[],
  bits: number,
): Decision[] {
  const originals = new Map<string, CroppedImage[]>();
  const byPath = images.map((_, i) => i).sort((a, b) => (images[a].path < images[b].path ? -1 : 1));
  const marked = [...decisions];
  for (const i of byPath) {
    const image = images[i];
    if (!kept.has(decisions[i].decision)) continue;
    const seen = originals.get(image.identity) ?? [];
    const original = seen.find((other) => isCopy(image, other, bits));
    if (original) marked[i] = { ...decisions[i], decision: 'duplicate', reason: duplicateReason(image, original) };
    else originals.set(image.identity, [...seen, image]);
  }
  return marked;
}

const isCopy = (a: CroppedImage, b: CroppedImage, bits: number): boolean =>
  a.sha256 === b.sha256 || a.dhash === b.dhash || (bits > 0 && hashDistance(a.dhash, b.dhash) <= bits);

const duplicateReason = (image: CroppedImage, original: CroppedImage): string =>
  image.sha256 === original.sha256
    ? `the same file as ${original.path}`
    : `the same picture as ${original.path}, saved anew`;
