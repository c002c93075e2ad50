import { type Matrix, takeRows } from '../core/vectors.js';
import type { CropSource } from '../images/crop-source.js';
import { hashNeighbours } from './hash-neighbours.js';
import { buildIndex, type SearchSettings } from '../index/indexes.js';
import type { Neighbours } from '../index/neighbour-index.js';
import { hogDescriptors } from './hog-descriptors.js';

type SlotPair = readonly [number, number];

/** Faces of an image that are compared when whole images look alike. */
const FACES = 3;
/** Neighbours by embeddings: a copy is nearer than other photographs of the person, and copies of copies are found in steps. */
const FEATURE_NEIGHBOURS = 5;
/** Neighbours of the faces of images with several: a copy may stand for another of them. */
const FACE_NEIGHBOURS = 5;
/** Neighbours by HOG descriptors: of a copy with a tenth cut off, nine of ten are among the first five (docs/benchmarks.md). */
const HOG_NEIGHBOURS = 8;

export interface CandidateSources {
  images: readonly { dhash: string }[]; // (N)
  /** Slot of the crop that each image's features are of, (N). */
  slots: readonly number[];
  /** All slots of an image: an image with several faces has several. */
  slotsOf: (image: number) => readonly number[];
  vectors: Matrix; // (slots, D) unit rows
  /** Nearest images of each image. */
  near: Neighbours;
  crops: CropSource;
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
  search: SearchSettings,
  signal?: AbortSignal,
): Promise<Iterable<SlotPair>> {
  const { images, slots, slotsOf, vectors, near, crops, aligned } = sources;
  const others = await faceNeighbours(images.keys(), slotsOf, vectors, search, signal);
  const byHog = aligned ? undefined : await hogNeighbours(crops, slots, search, signal);
  return (function* () {
    yield* neighbourPairs(near, FEATURE_NEIGHBOURS, slots);
    if (byHog) yield* neighbourPairs(byHog, HOG_NEIGHBOURS, slots);
    yield* others;
    for (const [a, b] of hashNeighbours(images.map(({ dhash }) => dhash))) {
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

/** Returns the nearest images of each image by HOG descriptors, upright or mirrored. */
const hogNeighbours = (crops: CropSource, slots: readonly number[], search: SearchSettings, signal?: AbortSignal) =>
  nearestOf(hogDescriptors(crops, slots), Int32Array.from(slots.keys()), HOG_NEIGHBOURS, search, signal);

/** Neighbours of every face of the images with several, among all faces. */
async function faceNeighbours(
  images: Iterable<number>,
  slotsOf: (image: number) => readonly number[],
  vectors: Matrix,
  search: SearchSettings,
  signal?: AbortSignal,
): Promise<SlotPair[]> {
  const all = [...images].flatMap((i) => slotsOf(i).map((slot) => ({ slot, crowd: slotsOf(i).length > 1 })));
  const rows = Int32Array.from([...all.keys()].filter((row) => all[row].crowd));
  if (rows.length === 0) return [];
  const slots = all.map(({ slot }) => slot);
  const { ids, k } = await nearestOf(takeRows(vectors, slots), rows, FACE_NEIGHBOURS, search, signal);
  return [...ids].flatMap((id, i): SlotPair[] => (id < 0 ? [] : [[slots[rows[Math.floor(i / k)]], slots[id]]]));
}

async function nearestOf(vectors: Matrix, rows: Int32Array, k: number, search: SearchSettings, signal?: AbortSignal) {
  const index = await buildIndex(vectors, search, signal);
  try {
    return await index.nearestFirst(rows, k, signal);
  } finally {
    await index.close();
  }
}
