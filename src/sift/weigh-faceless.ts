/** Images of each kind that are assumed to have been seen before any was, half of them without a face: few say little. */
const PRIOR = 1;
/** Nothing is so sure that the other may not be: probabilities are kept off 0 and 1 by this. */
const LEAST = 1e-9;

/**
 * p_noise that also knows where the detector found no face: by Bayes' rule, with the share of noise without a face and of
 * clean images that look like noise without one, as the set has them. That no face was found says something of the
 * detector first: it misses the profiles and the masks that the network fails at, and among those it is no evidence.
 * @param pNoise (N), by looks @param suspicion (N), [0, 1]: how much each looks like noise, however little is seen in it
 * @param faces faces found in each image, null where none was looked for
 */
export function weighFaceless(
  pNoise: Float64Array,
  suspicion: ArrayLike<number>,
  faces: readonly (number | null)[],
): Float64Array {
  const known = [...faces.keys()].filter((i) => faces[i] !== null);
  if (!known.some((i) => faces[i] === 0)) return pNoise;
  const noise = shareWithout(known, pNoise, faces);
  const clean = shareWithout(
    known,
    pNoise.map((p, i) => (1 - p) * suspicion[i]),
    faces,
  );
  return pNoise.map((p, i) => {
    if (faces[i] !== 0) return p;
    const before = Math.min(1 - LEAST, Math.max(LEAST, p));
    const odds = (before / (1 - before)) * (noise / clean);
    return odds / (1 + odds);
  });
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
