/** Images of each kind that are assumed to have been seen before any was: few say little. */
const PRIOR = 1;
/** Nothing is so sure that the other may not be: probabilities are kept off 0 and 1 by this. */
const LEAST = 1e-9;

/**
 * Detector's score below which a face is hardly one. Of the actors' faces one in a hundred is below, and all of their non-faces
 * are: chosen by looking at them.
 */
const FAINT = 0.95;
/** What is noise says how often noise has no face, and that says what is noise: reckoned so often, lest it runs away. */
const PASSES = 2;

/** Whether no face, or hardly one, was found in image `i`. */
export const isFaint = (faceScores: Float32Array | null, i: number): boolean =>
  faceScores !== null && faceScores[i] < FAINT;

/**
 * p_noise that also knows where the detector found no face, or hardly one: by Bayes' rule, with the share of noise where
 * it is so and of clean images that look like noise, as the set has them. That no face was found says something of the
 * detector first: it misses the profiles and masks that the network fails at, and among those it is no evidence.
 * @param pNoise (N), by looks @param suspicion (N), [0, 1]: how much each looks like noise, however little is seen in it
 * @param faceScores (N), the detector's; null where no faces were looked for
 */
export function applyFacePresence(
  pNoise: Float64Array,
  suspicion: ArrayLike<number>,
  faceScores: Float32Array | null,
): Float64Array {
  if (!faceScores?.some((_, i) => isFaint(faceScores, i))) return pNoise;
  let weighed = pNoise;
  for (let pass = 0; pass < PASSES; pass++) {
    const noise = shareFaint(weighed, faceScores, 0.5);
    const anyClean = shareFaint(
      weighed.map((p) => 1 - p),
      faceScores,
      0.5,
    );
    const clean = shareFaint(
      weighed.map((p, i) => (1 - p) * suspicion[i]),
      faceScores,
      anyClean, // what is expected of the hard ones before any was seen
    );
    weighed = pNoise.map((p, i) => {
      const ratio = isFaint(faceScores, i) ? noise / clean : (1 - noise) / (1 - clean);
      const before = Math.min(1 - LEAST, Math.max(LEAST, p));
      const odds = (before / (1 - before)) * ratio;
      return odds / (1 + odds);
    });
  }
  return weighed;
}

/** Share of the images, by weight, whose face is faint; `expected` where there are none. */
function shareFaint(weights: Float64Array, faceScores: Float32Array, expected: number): number {
  let [faint, total] = [PRIOR * expected, PRIOR];
  weights.forEach((weight, i) => {
    total += weight;
    if (isFaint(faceScores, i)) faint += weight;
  });
  return faint / total;
}
