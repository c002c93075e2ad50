/** Pseudo-counts of each kind: a few images give no share. */
const PRIOR = 1;
/** Probabilities are kept off 0 and 1 by this, so that odds are finite. */
const LEAST = 1e-9;

/**
 * Detector's score below which a face is hardly one. Of the actors' faces one in a hundred is below, and all of their non-faces
 * are: chosen by looking at them.
 */
const FAINT = 0.95;
/** The share of noise without a face depends on p_noise, and p_noise on that share: two passes, since more may diverge. */
const PASSES = 2;

/** Returns whether no face, or hardly one, was found in image `i`. */
export const isFaint = (faceScores: Float32Array | null, i: number): boolean =>
  faceScores !== null && faceScores[i] < FAINT;

/**
 * Updates p_noise by whether the detector found a face, by Bayes' rule: with the share of faceless images among noise, and
 * among clean images that score like noise, as the set has them. A missing face is evidence on the detector first: it misses
 * the profiles and masks that the recognition network fails at as well, and among those it is no evidence of noise. A face
 * that is found and faint is never evidence for the label: its score already tells what an image of its clarity scores. Where
 * none is found that is not known, since the features are of the middle of the picture: there the ratio counts both ways.
 *
 * @param pNoise (N), by the score alone
 * @param suspicion (N), [0, 1]: how much each image scores like noise, however little is seen in it
 * @param faceScores (N), the detector's; null where no faces were looked for
 * @returns p_noise (N), [0, 1]
 */
export function applyFacePresence(
  pNoise: Float64Array,
  suspicion: ArrayLike<number>,
  faceScores: Float32Array | null,
): Float64Array {
  if (!faceScores?.some((_, i) => isFaint(faceScores, i))) return pNoise;
  let updated = pNoise;
  for (let pass = 0; pass < PASSES; pass++) {
    const noise = shareFaint(updated, faceScores, 0.5);
    const anyClean = shareFaint(
      updated.map((p) => 1 - p),
      faceScores,
      0.5,
    );
    const clean = shareFaint(
      updated.map((p, i) => (1 - p) * suspicion[i]),
      faceScores,
      anyClean, // what is expected of the hard ones before any was seen
    );
    updated = pNoise.map((p, i) => {
      const faint = faceScores[i] > 0 ? Math.max(1, noise / clean) : noise / clean;
      const ratio = isFaint(faceScores, i) ? faint : (1 - noise) / (1 - clean);
      const before = Math.min(1 - LEAST, Math.max(LEAST, p));
      const odds = (before / (1 - before)) * ratio;
      return odds / (1 + odds);
    });
  }
  return updated;
}

/** Returns the weighted share of the images whose face is faint; `expected` where there are none. */
function shareFaint(weights: Float64Array, faceScores: Float32Array, expected: number): number {
  let [faint, total] = [PRIOR * expected, PRIOR];
  weights.forEach((weight, i) => {
    total += weight;
    if (isFaint(faceScores, i)) faint += weight;
  });
  return faint / total;
}
