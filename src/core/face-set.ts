import type { ImageTable } from './image-table.js';
import type { CroppedImage } from './records.js';

/** What ingest left, ready for the stages that follow. */
export interface DatasetOf<Images> {
  source: string;
  images: Images; // (N), by identity and path
  identities: string[]; // label -> name
  /** Label of each image as it was found. */
  labels: Int32Array;
  cropFile: string;
  /** Crops in the file: every face of every image, and the reference set's. Embeddings have a row for each. */
  crops: number;
  /** Crop slots of images with several faces, by the image's id, the likeliest subject first. */
  faces: Map<number, number[]>;
  /** Faces that people chose, by the image's id: places in the list of `faces`. */
  chosen: Map<number, number>;
  /** Images of the set that must not be overlapped. */
  reference: CroppedImage[];
  /** Side of a crop in the file. */
  size: number;
  /** Names the content: paths, bytes, labels, crops. */
  fingerprint: string;
}

/** With every image as an object. */
export type Dataset = DatasetOf<CroppedImage[]>;

/** With images in columns, for what must hold millions. */
export type LargeDataset = DatasetOf<ImageTable>;

/** Image of each crop slot, (crops): its place in `images`, -1 where the slot is none of the set's. */
export function imageOfSlot({
  images,
  faces,
  crops,
}: Pick<DatasetOf<Iterable<Pick<CroppedImage, 'id' | 'slot'>>>, 'images' | 'faces' | 'crops'>): Int32Array {
  const imageOf = new Int32Array(crops).fill(-1);
  let i = 0;
  for (const { id, slot } of images) {
    for (const own of faces.get(id) ?? [slot]) imageOf[own] = i;
    i++;
  }
  return imageOf;
}

/** Yes-or-no attributes of the training images. */
export interface Attributes {
  names: string[]; // (A)
  /** (N, A), by place in the training set: 1, 0, or -1 where it is not known. */
  values: Float32Array;
  /** Share of the known images that have each, (0, 1), (A). */
  shares: number[];
}
