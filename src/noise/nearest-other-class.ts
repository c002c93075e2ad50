import type { Matrix } from '../core/vectors.js';
import { exactIndex } from '../index/exact-index.js';
import { hnswIndex } from '../index/hnsw-index.js';
import type { IndexSettings } from '../index/neighbour-index.js';

/** The two other identities each image is most like; label -1 and cosine -2 where there is none. */
export interface Rivals {
  label: Int32Array; // (N)
  cosine: Float32Array; // (N)
  secondLabel: Int32Array; // (N)
  secondCosine: Float32Array; // (N)
}

/** Centres up to which all are compared: 0.3 ms an image at 512 dimensions, what a search in the graph takes. */
const COMPARE_ALL = 5000;
/** Centres asked for: the own one, which is no rival, and two rivals; of a graph some more. */
const CANDIDATES = 8;

/**
 * Best cosines of each image to the centres of identities that are not its own; among many centres they are found through a
 * graph. Memory (N) beside it. @param embeddings (N, D) and @param centres (C, D), unit rows @param labels (N)
 * @throws InterruptedError
 */
export async function findRivals(
  embeddings: Matrix,
  centres: Matrix,
  labels: Int32Array,
  settings: IndexSettings,
  signal?: AbortSignal,
): Promise<Rivals> {
  const kind = centres.rows <= COMPARE_ALL ? exactIndex : hnswIndex;
  const index = await kind.build(centres, settings, signal);
  const { ids, cosines, k } = await index.nearestTo(embeddings, CANDIDATES, signal).finally(() => index.close());
  const rivals = noRivals(labels.length);
  for (let image = 0; image < labels.length; image++) {
    const others = ids.subarray(image * k, (image + 1) * k);
    const [first, second] = [...others.keys()].filter((j) => others[j] >= 0 && others[j] !== labels[image]);
    if (first !== undefined) {
      rivals.label[image] = others[first];
      rivals.cosine[image] = cosines[image * k + first];
    }
    if (second !== undefined) {
      rivals.secondLabel[image] = others[second];
      rivals.secondCosine[image] = cosines[image * k + second];
    }
  }
  return rivals;
}

const noRivals = (images: number): Rivals => ({
  label: new Int32Array(images).fill(-1),
  cosine: new Float32Array(images).fill(-2),
  secondLabel: new Int32Array(images).fill(-1),
  secondCosine: new Float32Array(images).fill(-2),
});
