import { setImmediate } from 'node:timers/promises';
import { throwIfInterrupted } from '../core/interrupt.js';
import { dotAt, type Matrix } from '../core/vectors.js';

/** The other identity each image is most like. */
export interface Rivals {
  label: Int32Array; // (N), -1 where there is no other identity
  cosine: Float32Array; // (N)
}

const BLOCK = 256;

/**
 * Best cosine of each image to the dominant sub-centre of an identity that is not its own; only the best is kept.
 * @param embeddings (N, D) and @param dominants (C, D), unit rows @param labels (N)
 */
export async function findRivals(
  embeddings: Matrix,
  dominants: Matrix,
  labels: Int32Array,
  signal?: AbortSignal,
): Promise<Rivals> {
  const { dimensions } = embeddings;
  const rivals = { label: new Int32Array(labels.length).fill(-1), cosine: new Float32Array(labels.length).fill(-2) };
  for (let from = 0; from < labels.length; from += BLOCK) {
    throwIfInterrupted(signal);
    const to = Math.min(from + BLOCK, labels.length);
    for (let other = 0; other < dominants.rows; other++)
      for (let image = from; image < to; image++) {
        if (labels[image] === other) continue;
        const cosine = dotAt(embeddings.data, image * dimensions, dominants.data, other * dimensions, dimensions);
        if (cosine > rivals.cosine[image]) {
          rivals.cosine[image] = cosine;
          rivals.label[image] = other;
        }
      }
    await setImmediate(); // lets Ctrl-C through
  }
  return rivals;
}
