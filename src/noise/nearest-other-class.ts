import type { MatrixIn, Space } from '../core/spaces.js';
import { exactIndex } from '../index/exact-index.js';
import type { IndexSettings } from '../index/neighbour-index.js';

/** The two nearest classes of each image that are not its own; label -1 and cosine -2 where there is none. */
export interface NearestOtherClass {
  label: Int32Array; // (N)
  cosine: Float32Array; // (N)
  secondLabel: Int32Array; // (N)
  secondCosine: Float32Array; // (N)
}

/** Class means asked for: the own one, and two others. */
const CANDIDATES = 3;

/**
 * Finds the class means nearest to each image among the classes that are not its own; compares with all of them.
 *
 * @param features (N, D) unit rows
 * @param means (C, D) unit rows of the same space
 * @param labels (N)
 * @throws InterruptedError if `signal` is aborted
 */
export async function findNearestOtherClass<S extends Space>(
  features: MatrixIn<S>,
  means: MatrixIn<S>,
  labels: Int32Array,
  settings: IndexSettings,
  signal?: AbortSignal,
): Promise<NearestOtherClass> {
  const index = await exactIndex.build(means, settings, signal);
  const { ids, cosines, k } = await index.nearestTo(features, CANDIDATES, signal).finally(() => index.close());
  const found = noOtherClass(labels.length);
  for (let image = 0; image < labels.length; image++) {
    const others = ids.subarray(image * k, (image + 1) * k);
    const [first, second] = [...others.keys()].filter((j) => others[j] >= 0 && others[j] !== labels[image]);
    if (first !== undefined) {
      found.label[image] = others[first];
      found.cosine[image] = cosines[image * k + first];
    }
    if (second !== undefined) {
      found.secondLabel[image] = others[second];
      found.secondCosine[image] = cosines[image * k + second];
    }
  }
  return found;
}

const noOtherClass = (images: number): NearestOtherClass => ({
  label: new Int32Array(images).fill(-1),
  cosine: new Float32Array(images).fill(-2),
  secondLabel: new Int32Array(images).fill(-1),
  secondCosine: new Float32Array(images).fill(-2),
});
