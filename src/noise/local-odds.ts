/** Pseudo-images from which on a group is taken to have the set's share, however alike all groups seem. */
const MOST_SHRUNK = 1e6;

/**
 * Computes by how much the odds of noise in each image's group differ from those of the set: noise gathers in some folders,
 * and hardly any is in others. The share of a group is estimated from its other images, shrunk towards the set's by how
 * much the groups differ beyond chance (a beta-binomial model, its intraclass correlation by moments: Williams 1982).
 *
 * @param pNoise (N), [0, 1], so far
 * @param share of noise in the set, (0, 1)
 * @param rows images that count
 * @param groups (N), number of each image's group, from 0
 * @returns (N), factors on the odds of noise
 */
export function localOdds(
  pNoise: Float64Array,
  share: number,
  rows: readonly number[],
  groups: Int32Array,
): Float64Array {
  const count = groups.reduce((most, group) => Math.max(most, group + 1), 0);
  const [sizes, sums, undecided] = [new Float64Array(count), new Float64Array(count), new Float64Array(count)];
  const counted = new Uint8Array(groups.length);
  for (const i of rows) {
    const p = pNoise[i];
    sizes[groups[i]]++;
    sums[groups[i]] += p;
    undecided[groups[i]] += p * (1 - p);
    counted[i] = 1;
  }
  const pseudo = pseudoImages(sizes, sums, undecided, share);
  const odds = share / (1 - share);
  return pNoise.map((p, i) => {
    const own = counted[i];
    const rest = sizes[groups[i]] - own;
    const local = (Math.max(0, sums[groups[i]] - own * p) + pseudo * share) / (rest + pseudo);
    return local / (1 - Math.min(local, 1 - 1e-6)) / odds;
  });
}

/** How many images of the set's share a group's own share is mixed with: few where groups differ a lot. */
function pseudoImages(sizes: Float64Array, sums: Float64Array, undecided: Float64Array, share: number): number {
  const variance = share * (1 - share);
  let [beyond, pairs] = [0, 0];
  sizes.forEach((size, g) => {
    beyond += (sums[g] - size * share) ** 2 + undecided[g] - size * variance;
    pairs += size * (size - 1) * variance;
  });
  const correlation = pairs > 0 ? beyond / pairs : 0;
  return correlation <= 1 / MOST_SHRUNK ? MOST_SHRUNK : Math.max(0, 1 / correlation - 1);
}
