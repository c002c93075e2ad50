import { setImmediate } from 'node:timers/promises';
import { throwIfInterrupted } from '../core/interrupt.js';
import { dotAt, type Matrix } from '../core/vectors.js';
import { hnswIndex } from '../index/hnsw-index.js';
import type { IndexSettings } from '../index/neighbour-index.js';

/** The two other identities each image is most like; label -1 and cosine -2 where there is none. */
export interface Rivals {
  label: Int32Array; // (N)
  cosine: Float32Array; // (N)
  secondLabel: Int32Array; // (N)
  secondCosine: Float32Array; // (N)
}

export interface RivalOptions {
  /** How the centres are searched when there are too many to compare with all of them. */
  settings?: IndexSettings;
  /** Identities that are no rivals of each other, by label: one person under several names. */
  partners?: ReadonlyMap<number, ReadonlySet<number>>;
}

/** Centres up to which all are compared: 0.5 ms an image at 512 dimensions, what a search in the graph takes. */
const COMPARE_ALL = 2000;
/** Centres asked of the graph: the own one, two rivals, and some partners between them. */
const CANDIDATES = 8;
const BLOCK = 256;

/**
 * Best cosines of each image to the dominant sub-centres of identities that are not its own. Among many centres they
 * are found through a graph; where it names fewer than two, all centres are compared. Memory (N) beside the graph.
 * @param embeddings (N, D) and @param dominants (C, D), unit rows @param labels (N)
 * @throws InterruptedError
 */
export async function findRivals(
  embeddings: Matrix,
  dominants: Matrix,
  labels: Int32Array,
  signal?: AbortSignal,
  { settings, partners }: RivalOptions = {},
): Promise<Rivals> {
  const rivals = noRivals(labels.length);
  const isRival = (label: number, other: number): boolean => label !== other && !partners?.get(label)?.has(other);
  const every = Int32Array.from({ length: labels.length }, (_, image) => image);
  if (!settings || dominants.rows <= COMPARE_ALL) {
    await compareAll(embeddings, dominants, labels, every, isRival, rivals, signal);
    return rivals;
  }
  const index = await hnswIndex.build(dominants, settings, signal);
  const near = await index.nearestTo(embeddings, CANDIDATES, signal).finally(() => index.close());
  near.ids.forEach((other, at) => {
    const image = Math.floor(at / CANDIDATES);
    if (other >= 0 && isRival(labels[image], other)) offerRival(rivals, image, other, near.cosines[at]);
  });
  const unfinished = every.filter((image) => rivals.secondLabel[image] < 0);
  await compareAll(embeddings, dominants, labels, unfinished, isRival, rivals, signal);
  return rivals;
}

const noRivals = (images: number): Rivals => ({
  label: new Int32Array(images).fill(-1),
  cosine: new Float32Array(images).fill(-2),
  secondLabel: new Int32Array(images).fill(-1),
  secondCosine: new Float32Array(images).fill(-2),
});

/** Rivals of the images `wanted` among all centres; what is known of them already is found again. */
async function compareAll(
  embeddings: Matrix,
  dominants: Matrix,
  labels: Int32Array,
  wanted: Int32Array,
  isRival: (label: number, other: number) => boolean,
  rivals: Rivals,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { dimensions } = embeddings;
  for (let from = 0; from < wanted.length; from += BLOCK) {
    throwIfInterrupted(signal);
    const block = wanted.subarray(from, from + BLOCK);
    for (let other = 0; other < dominants.rows; other++)
      for (const image of block) {
        if (!isRival(labels[image], other) || other === rivals.label[image]) continue;
        const cosine = dotAt(embeddings.data, image * dimensions, dominants.data, other * dimensions, dimensions);
        offerRival(rivals, image, other, cosine);
      }
    await setImmediate(); // lets Ctrl-C through
  }
}

/** Of equal cosines the one offered first stays ahead. */
function offerRival(rivals: Rivals, image: number, other: number, cosine: number): void {
  if (cosine > rivals.cosine[image]) {
    rivals.secondLabel[image] = rivals.label[image];
    rivals.secondCosine[image] = rivals.cosine[image];
    rivals.label[image] = other;
    rivals.cosine[image] = cosine;
  } else if (cosine > rivals.secondCosine[image]) {
    rivals.secondLabel[image] = other;
    rivals.secondCosine[image] = cosine;
  }
}
