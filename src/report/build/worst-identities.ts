import { countDecisions, saysNoise } from '../../core/records.js';
import type { IdentityNoise } from '../report.js';
import type { DecidedImage } from '../../core/decided-image.js';

/** Identities with noise, by the share of it, the worst first. */
export function worstIdentities(images: readonly DecidedImage[]): IdentityNoise[] {
  const byIdentity = new Map<string, { counts: IdentityNoise['counts']; pNoise: number; known: number }>();
  for (const { name, final, pNoise } of images) {
    const found = byIdentity.get(name) ?? { counts: countDecisions([]), pNoise: 0, known: 0 };
    found.counts[final]++;
    if (pNoise !== null) {
      found.pNoise += pNoise;
      found.known++;
    }
    byIdentity.set(name, found);
  }
  return [...byIdentity]
    .map(([identity, { counts, pNoise, known }]) => {
      const names = Object.keys(counts) as (keyof typeof counts)[];
      const sum = (which: typeof names): number => which.reduce((total, name) => total + counts[name], 0);
      const noise = sum(names.filter(saysNoise));
      return { identity, counts, images: sum(names), noise, estimated: known === 0 ? null : pNoise / known };
    })
    .filter(({ noise }) => noise > 0)
    .sort((a, b) => lowerBound(b) - lowerBound(a) || (a.identity < b.identity ? -1 : 1));
}

/** Of a share that is only seen in a sample (Wilson 1927, 95 %): one image of one does not come before thirty of forty. */
function lowerBound({ noise, images: n }: IdentityNoise): number {
  const z = 1.96;
  const share = noise / n;
  const spread = z * Math.sqrt((share * (1 - share) + (z * z) / (4 * n)) / n);
  return (share + (z * z) / (2 * n) - spread) / (1 + (z * z) / n);
}
