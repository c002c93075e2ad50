import { type Matrix, takeRows } from '../core/vectors.js';
import { rangesOf } from './comparison.js';
import type { ComparisonPool } from './comparison-pool.js';
import { GRADIENT_LENGTH } from './gradient-histogram.js';
import { hashNeighbours } from './hash-neighbours.js';
import { buildIndex, type SearchSettings } from '../index/indexes.js';
import type { Neighbours } from '../index/neighbour-index.js';
import { hogDescriptors } from './hog-descriptors.js';

/** Two crops that may show the same photograph. */
export type SlotPair = readonly [number, number];

/** Faces of an image that are compared when whole images look alike. */
const FACES = 3;
/** Neighbours by embeddings: a copy is nearer than other photographs of the person, and copies of copies are found in steps. */
const FEATURE_NEIGHBOURS = 5;
/** Neighbours of the faces of images with several: a copy may stand for another of them. */
const FACE_NEIGHBOURS = 5;
/** Neighbours by HOG descriptors: of a copy with a tenth cut off, nine of ten are among the first five (docs/benchmarks.md). */
const HOG_NEIGHBOURS = 8;

export interface CandidateSources {
  /** 64-bit difference hashes of the images, (N, 2), the high word first. */
  hashes: Uint32Array;
  /** Slot of the crop that each image's features are of, (N). */
  slots: Int32Array;
  /** All slots of an image: an image with several faces has several. */
  slotsOf: (image: number) => readonly number[];
  vectors: Matrix; // (slots, D) unit rows
  /** Nearest images of each image. */
  near: Neighbours;
  /** Whether crops follow the faces: then a cropped copy has the same crop, otherwise another part of the picture. */
  aligned: boolean;
}

/**
 * Returns pairs of slots that may show the same photograph: neighbours among the embeddings, of other faces too, images with
 * nearly the same difference hash, upright or mirrored, and where crops do not follow faces, neighbours by HOG descriptors.
 * About twenty pairs per image.
 *
 * @throws InterruptedError if `signal` is aborted
 */
export async function duplicateCandidates(
  sources: CandidateSources,
  pool: ComparisonPool,
  search: SearchSettings,
  signal?: AbortSignal,
): Promise<Iterable<SlotPair>> {
  const { hashes, slots, slotsOf, near, aligned } = sources;
  const others = await faceNeighbours(sources, search, signal);
  const byHog = aligned ? undefined : await hogNeighbours(slots, pool, search, signal);
  return (function* () {
    yield* neighbourPairs(near, FEATURE_NEIGHBOURS, slots);
    if (byHog) yield* neighbourPairs(byHog, HOG_NEIGHBOURS, slots);
    yield* others;
    for (const [a, b] of hashNeighbours(hashes)) {
      yield [slots[a], slots[b]];
      const [some, more] = [slotsOf(a), slotsOf(b)];
      for (let face = 0; face < Math.min(FACES, some.length, more.length); face++) yield [some[face], more[face]];
    }
  })();
}

/** Each row with its first `most` neighbours, a pair that would come twice once. */
function* neighbourPairs({ ids, k }: Neighbours, most: number, slots: ArrayLike<number>): Generator<SlotPair> {
  const nearest = (i: number): Int32Array => ids.subarray(i * k, i * k + Math.min(k, most));
  for (let i = 0; i < slots.length; i++)
    for (const other of nearest(i)) {
      const comesBefore = other < i && nearest(other).includes(i);
      if (other >= 0 && !comesBefore) yield [slots[i], slots[other]];
    }
}

/** Crops that one task describes. */
const DESCRIBED = 1024;

/** Returns the nearest images of each image by HOG descriptors, upright or mirrored. */
async function hogNeighbours(slots: Int32Array, pool: ComparisonPool, search: SearchSettings, signal?: AbortSignal) {
  const rows = new Float32Array(slots.length * GRADIENT_LENGTH);
  let used = 0;
  const take = (described: Float32Array): void => {
    rows.set(described, used);
    used += described.length;
  };
  await pool.each(rangesOf('descriptors', slots, DESCRIBED), take, signal);
  return nearestOf(hogDescriptors(rows), Int32Array.from(slots.keys()), HOG_NEIGHBOURS, search, signal);
}

/** Neighbours of every face of the images with several, among all faces. */
async function faceNeighbours(
  { slots, slotsOf, vectors }: CandidateSources,
  search: SearchSettings,
  signal?: AbortSignal,
): Promise<Iterable<SlotPair>> {
  let [faces, crowded] = [0, 0];
  for (let i = 0; i < slots.length; i++) {
    const { length } = slotsOf(i);
    faces += length;
    if (length > 1) crowded += length;
  }
  if (crowded === 0) return [];
  const [every, rows] = [new Int32Array(faces), new Int32Array(crowded)];
  [faces, crowded] = [0, 0];
  for (let i = 0; i < slots.length; i++) {
    const own = slotsOf(i);
    for (const slot of own) {
      if (own.length > 1) rows[crowded++] = faces;
      every[faces++] = slot;
    }
  }
  const { ids, k } = await nearestOf(takeRows(vectors, every), rows, FACE_NEIGHBOURS, search, signal);
  return (function* () {
    for (let at = 0; at < ids.length; at++)
      if (ids[at] >= 0) yield [every[rows[Math.floor(at / k)]], every[ids[at]]] as const;
  })();
}

async function nearestOf(vectors: Matrix, rows: Int32Array, k: number, search: SearchSettings, signal?: AbortSignal) {
  const index = await buildIndex(vectors, search, signal);
  try {
    return await index.nearestFirst(rows, k, signal);
  } finally {
    await index.close();
  }
}
