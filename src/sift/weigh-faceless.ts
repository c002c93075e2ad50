/** Images of each kind that are assumed to have been seen before any was: few faceless images say little. */
const PRIOR = 1;

/**
 * p_noise that also knows where the detector found no face: by Bayes' rule, with the share of noise and of clean images
 * without a face as the set has them. @param pNoise (N) @param faces faces found in each image, null where none was looked for
 */
export function weighFaceless(pNoise: Float64Array, faces: readonly (number | null)[]): Float64Array {
  const known = [...faces.keys()].filter((i) => faces[i] !== null);
  const [noise, clean] = [
    sharesOf(known, pNoise, faces),
    sharesOf(
      known,
      pNoise.map((p) => 1 - p),
      faces,
    ),
  ];
  if (!known.some((i) => faces[i] === 0)) return pNoise;
  const oddsOf = { without: noise / clean, with: (1 - noise) / (1 - clean) };
  return pNoise.map((p, i) => {
    if (faces[i] === null) return p;
    const odds = (p / Math.max(1 - p, 1e-12)) * (faces[i] === 0 ? oddsOf.without : oddsOf.with);
    return Math.min(1, odds / (1 + odds));
  });
}

/** Share of the images, by weight, that have no face. */
function sharesOf(known: readonly number[], weights: Float64Array, faces: readonly (number | null)[]): number {
  let [without, total] = [PRIOR / 2, PRIOR];
  for (const i of known) {
    total += weights[i];
    if (faces[i] === 0) without += weights[i];
  }
  return without / total;
}
