import type { Config } from '../core/config.js';
import type { CroppedImage } from '../core/records.js';
import { type Matrix, takeRows } from '../core/vectors.js';
import type { CropReader } from '../images/crop-file.js';
import { hashNeighbours } from './hash-neighbours.js';
import { buildIndex } from '../index/indexes.js';
import type { Neighbours } from '../index/neighbour-index.js';
import { edgeVectors } from './hog-descriptors.js';

type SlotPair = readonly [number, number];

/** Faces of an image that are compared when whole images look alike. */
const FACES = 3;
/** Neighbours by embeddings: a copy is nearer than other photographs of the person, and copies of copies are found in steps. */
const LOOK_NEIGHBOURS = 5;
/** Neighbours of the faces of images with several: a copy may stand for another of them. */
const FACE_NEIGHBOURS = 5;
/** Neighbours by edges: of a copy with a tenth cut off, nine of ten are among the first five (docs/benchmarks.md). */
const EDGE_NEIGHBOURS = 8;

export interface CandidateSources {
  images: readonly CroppedImage[]; // (N)
  /** Slot of the crop that stands for each image, (N). */
  slots: readonly number[];
  /** All slots of images with several faces, by the image's id. */
  faces: ReadonlyMap<number, readonly number[]>;
  vectors: Matrix; // (slots, D) unit rows
  /** Nearest images of each image. */
  near: Neighbours;
  crops: CropReader;
  /** Whether crops follow the faces: then a cropped copy has the same crop, otherwise another part of the picture. */
  aligned: boolean;
}

/**
 * Pairs of slots that may show the same photograph: neighbours among the embeddings, of other faces too, images with
 * nearly the same difference hash, upright or mirrored, and where crops do not follow faces, neighbours by their edges.
 * As many as there are images, times some twenty.
 */
export async function copyCandidates(
  sources: CandidateSources,
  settings: Config['index'],
  signal?: AbortSignal,
): Promise<Iterable<SlotPair>> {
  const { images, slots, faces, vectors, near, crops, aligned } = sources;
  const slotsOf = (i: number): readonly number[] => faces.get(images[i].id) ?? [slots[i]];
  const others = await faceNeighbours(images.keys(), slotsOf, vectors, settings, signal);
  const edges = aligned ? undefined : await edgeNeighbours(crops, slots, settings, signal);
  return (function* () {
    yield* neighbourPairs(near, LOOK_NEIGHBOURS, slots);
    if (edges) yield* neighbourPairs(edges, EDGE_NEIGHBOURS, slots);
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

/** Nearest images of each image by how their edges run, upright or mirrored. */
const edgeNeighbours = (crops: CropReader, slots: readonly number[], settings: Config['index'], signal?: AbortSignal) =>
  nearestOf(edgeVectors(crops, slots), Int32Array.from(slots.keys()), EDGE_NEIGHBOURS, settings, signal);

/** Neighbours of every face of the images with several, among all faces. */
async function faceNeighbours(
  images: Iterable<number>,
  slotsOf: (image: number) => readonly number[],
  vectors: Matrix,
  settings: Config['index'],
  signal?: AbortSignal,
): Promise<SlotPair[]> {
  const all = [...images].flatMap((i) => slotsOf(i).map((slot) => ({ slot, crowd: slotsOf(i).length > 1 })));
  const rows = Int32Array.from([...all.keys()].filter((row) => all[row].crowd));
  if (rows.length === 0) return [];
  const slots = all.map(({ slot }) => slot);
  const { ids, k } = await nearestOf(takeRows(vectors, slots), rows, FACE_NEIGHBOURS, settings, signal);
  return [...ids].flatMap((id, i): SlotPair[] => (id < 0 ? [] : [[slots[rows[Math.floor(i / k)]], slots[id]]]));
}

async function nearestOf(
  vectors: Matrix,
  rows: Int32Array,
  k: number,
  settings: Config['index'],
  signal?: AbortSignal,
) {
  const index = await buildIndex(vectors, settings, signal);
  try {
    return await index.nearestFirst(rows, k, signal);
  } finally {
    await index.close();
  }
}
