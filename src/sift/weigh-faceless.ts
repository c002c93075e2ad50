/** Images of each kind that are assumed to have been seen before any was: few faceless images say little. */
const PRIOR = 1;

/** However like a person it seems, one in so many of the pictures without a face is noise: mixtures are too sure of tails. */
const LEAST = 0.01;
/** Times that shares and probabilities are reckoned from each other: they settle after a few. */
const PASSES = 10;

/**
 * p_noise that also knows where the detector found no face: by Bayes' rule, with the share of noise and of clean images
 * without a face as the set has them. @param pNoise (N) @param faces faces found in each image, null where none was looked for
 */
export function weighFaceless(pNoise: Float64Array, faces: readonly (number | null)[]): Float64Array {
  const known = [...faces.keys()].filter((i) => faces[i] !== null);
  if (!known.some((i) => faces[i] === 0)) return pNoise;
  let weighed = pNoise;
  for (let pass = 0; pass < PASSES; pass++) {
    const noise = shareWithout(known, weighed, faces);
    const clean = shareWithout(
      known,
      weighed.map((p) => 1 - p),
      faces,
    );
    weighed = pNoise.map((p, i) => {
      if (faces[i] === null) return p;
      const before = faces[i] === 0 ? Math.max(p, LEAST) : p;
      const odds =
        (before / Math.max(1 - before, 1e-12)) * (faces[i] === 0 ? noise / clean : (1 - noise) / (1 - clean));
      return odds / (1 + odds);
    });
  }
  return weighed;
}

/** Share of the images, by weight, that have no face. */
function shareWithout(known: readonly number[], weights: Float64Array, faces: readonly (number | null)[]): number {
  let [without, total] = [PRIOR / 2, PRIOR];
  for (const i of known) {
    total += weights[i];
    if (faces[i] === 0) without += weights[i];
  }
  return without / total;
}
