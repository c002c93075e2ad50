import { isFaint } from './face-presence-prior.js';

/** Share of a class's images without a face from which it is a heap of things, and no person. */
const HEAP = 0.5;
/** Fewer images than this are no heap. */
const LEAST_IMAGES = 3;
/** Share of images without a face in the other classes up to which the detector is believed. Chosen freely: LFW has none, dark images a third. */
const RARE = 0.1;
const AS_NOISE = 0.95;
/** Where the detector misses faces everywhere: for a person to look at. */
const AS_DOUBT = 0.49;

/**
 * Raises p_noise of images without a face in classes that consist of such: they resemble each other, and not a person. Where
 * the detector finds no face in many images of other classes as well, that is in doubt.
 *
 * @param pNoise (N), [0, 1]
 * @param labels (N), class of each image
 * @param faceScores (N), the detector's; null where no faces were looked for
 * @returns p_noise (N), [0, 1]
 */
export function applyFacelessClasses(
  pNoise: Float64Array,
  labels: Int32Array,
  faceScores: Float32Array | null,
): Float64Array {
  if (!faceScores) return pNoise;
  const counts = new Map<number, { images: number; faint: number }>();
  labels.forEach((label, i) => {
    const count = counts.get(label) ?? { images: 0, faint: 0 };
    counts.set(label, { images: count.images + 1, faint: count.faint + Number(isFaint(faceScores, i)) });
  });
  const isHeap = (label: number): boolean => {
    const { images, faint } = counts.get(label)!;
    return images >= LEAST_IMAGES && faint > HEAP * images;
  };
  let [others, faintOthers] = [0, 0];
  for (const [label, { images, faint }] of counts) {
    if (isHeap(label)) continue;
    others += images;
    faintOthers += faint;
  }
  const least = others > 0 && faintOthers <= RARE * others ? AS_NOISE : AS_DOUBT;
  return pNoise.map((p, i) => (isFaint(faceScores, i) && isHeap(labels[i]) ? Math.max(p, least) : p));
}
