import type { Config } from '../core/config.js';
import type { CroppedImage } from '../core/records.js';
import { type Matrix, takeRows } from '../core/vectors.js';
import { hashNeighbours } from '../images/hash-neighbours.js';
import { buildIndex } from '../index/indexes.js';
import type { Neighbours } from '../index/neighbour-index.js';

type SlotPair = readonly [number, number];

/** Faces of an image that are compared when whole images look alike. */
const FACES = 3;
/** Neighbours of the faces of images with several: a copy may stand for another of them. */
const FACE_NEIGHBOURS = 5;

export interface CandidateSources {
  images: readonly CroppedImage[]; // (N)
  /** Slot of the crop that stands for each image, (N). */
  slots: readonly number[];
  /** All slots of images with several faces, by the image's id. */
  faces: ReadonlyMap<number, readonly number[]>;
  crops: Matrix; // (slots, D) unit rows
  /** Nearest images of each image. */
  near: Neighbours;
}

/**
 * Pairs of slots that may show the same photograph: neighbours among the embeddings, of other faces too, and images with
 * nearly the same difference hash, upright or mirrored. As many as there are images, times some ten.
 */
export async function copyCandidates(
  sources: CandidateSources,
  config: Config,
  signal?: AbortSignal,
): Promise<Iterable<SlotPair>> {
  const { images, slots, faces, crops, near } = sources;
  const slotsOf = (i: number): readonly number[] => faces.get(images[i].id) ?? [slots[i]];
  const others = await faceNeighbours(images.keys(), slotsOf, crops, config, signal);
  return (function* () {
    yield* neighbourPairs(near, slots);
    yield* others;
    for (const [a, b] of hashNeighbours(images.map(({ dhash }) => dhash))) {
      yield [slots[a], slots[b]];
      const [some, more] = [slotsOf(a), slotsOf(b)];
      for (let face = 0; face < Math.min(FACES, some.length, more.length); face++) yield [some[face], more[face]];
    }
  })();
}

/** Each row with its neighbours, a pair that would come twice once. */
function* neighbourPairs({ ids, k }: Neighbours, slots: ArrayLike<number>): Generator<SlotPair> {
  for (let i = 0; i < slots.length; i++)
    for (const other of ids.subarray(i * k, (i + 1) * k)) {
      const comesBefore = other < i && ids.subarray(other * k, (other + 1) * k).includes(i);
      if (other >= 0 && !comesBefore) yield [slots[i], slots[other]];
    }
}

/** Neighbours of every face of the images with several, among all faces. */
async function faceNeighbours(
  images: Iterable<number>,
  slotsOf: (image: number) => readonly number[],
  crops: Matrix,
  config: Config,
  signal: AbortSignal | undefined,
): Promise<SlotPair[]> {
  const all = [...images].flatMap((i) => slotsOf(i).map((slot) => ({ slot, crowd: slotsOf(i).length > 1 })));
  const rows = Int32Array.from([...all.keys()].filter((row) => all[row].crowd));
  if (rows.length === 0) return [];
  const vectors = takeRows(
    crops,
    all.map(({ slot }) => slot),
  );
  const index = await buildIndex(vectors, config, signal);
  try {
    const { ids, k } = await index.nearestFirst(rows, FACE_NEIGHBOURS, signal);
    return [...ids].flatMap((id, i): SlotPair[] => (id < 0 ? [] : [[all[rows[Math.floor(i / k)]].slot, all[id].slot]]));
  } finally {
    await index.close();
  }
}
