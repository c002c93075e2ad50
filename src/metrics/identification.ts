import { groupBy } from '../core/groups.js';
import { z } from 'zod';
import { randomOf } from '../core/random.js';
import { mean } from '../core/statistics.js';
import { dotRows } from '../core/vectors.js';
import type { PairCandidate } from './make-pairs.js';
import type { Measurable } from './pair-measures.js';
import { unitMeans } from '../core/unit-means.js';
import type { Template } from './pair-set.js';

export const identificationSchema = z.object({
  /** Share of the probes whose own identity is the most alike of the gallery. */
  rank1: z.number(),
  /** Share of the probes whose own identity is among the r most alike, r = 1, 2, ... */
  cmc: z.array(z.number()),
  probes: z.number().int(),
  gallery: z.number().int(),
});
export type Identification = z.infer<typeof identificationSchema>;

/** Who is asked for, and who is known: one template an identity, of images that are no probes. */
export interface GallerySplit {
  gallery: { identity: string; members: number[] }[];
  probes: { index: number; identity: string }[];
}

const MOST_RANKS = 20;
/** Where nothing was held out, one in so many of an identity's images is a probe. */
const ONE_IN = 5;

/** Held-out images ask, the others are the gallery; at most `most` probes. Every probe's identity is in the gallery. */
export function splitGallery(images: readonly PairCandidate[], most: number, seed: number): GallerySplit {
  const byIdentity = groupBy(images, ({ identity }) => identity);
  const split = [...byIdentity].map(([identity, members]) => {
    const random = randomOf(seed, 'gallery', identity);
    const everyone = members.every(({ heldOut }) => heldOut);
    const drawn = random.shuffle([...members]).slice(0, Math.ceil(members.length / ONE_IN));
    const probes = members.length < 2 ? [] : everyone ? drawn : members.filter(({ heldOut }) => heldOut);
    const asking = new Set(probes);
    return { identity, probes, members: members.filter((image) => !asking.has(image)).map(({ index }) => index) };
  });
  const probes = split.flatMap(({ identity, probes }) => probes.map(({ index }) => ({ index, identity })));
  return { gallery: split, probes: randomOf(seed, 'probes').shuffle(probes).slice(0, most) };
}

/**
 * Closed-set identification. A probe's rank is one more than there are other identities at least as alike as its own: a tie
 * counts against it. null without probes. @param noiseScore how alike, of a cosine and the smaller length
 */
export function identify(
  { vectors, norms }: Measurable,
  { gallery, probes }: GallerySplit,
  noiseScore: (cosine: number, quality: number) => number,
): Identification | null {
  if (probes.length === 0) return null;
  const members = gallery.map((known) => known.members);
  const known = unitMeans(vectors, members);
  const lengths = members.map((images) => mean(images.map((image) => norms[image])));
  const indexOf = new Map(gallery.map(({ identity }, i) => [identity, i]));
  const atRank = new Array<number>(Math.min(MOST_RANKS, gallery.length)).fill(0);
  for (const { index, identity } of probes) {
    const scores = gallery.map((_, g) =>
      noiseScore(dotRows(vectors, index, known, g), Math.min(norms[index], lengths[g])),
    );
    const own = indexOf.get(identity)!;
    const rank = scores.filter((score, g) => g !== own && score >= scores[own]).length;
    for (let r = rank; r < atRank.length; r++) atRank[r]++;
  }
  const cmc = atRank.map((count) => count / probes.length);
  return { rank1: cmc[0], cmc, probes: probes.length, gallery: gallery.length };
}

/**
 * One unit row a template, (T, D): the mean over its media of the mean over each medium's images (IJB's set-based
 * protocol), and the mean length of its images. Images come in as unit rows (N, D).
 */
export function templateMeans({ vectors, norms }: Measurable, templates: readonly Template[]): Measurable {
  const shareOfMedium = templates.map(({ members }) => {
    const sizes = new Map<string, number>();
    for (const { media } of members) sizes.set(media, (sizes.get(media) ?? 0) + 1);
    return members.map(({ media }) => 1 / sizes.get(media)!);
  });
  const rows = templates.map(({ members }) => members.map(({ image }) => image));
  return {
    vectors: unitMeans(vectors, rows, (template, member) => shareOfMedium[template][member]),
    norms: rows.map((images) => mean(images.map((image) => norms[image]))),
  };
}
