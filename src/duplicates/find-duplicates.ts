import { defaults } from '../core/config.js';
import { sha256 } from '../core/fingerprint.js';
import { type Features, FeatureError, requireOnePerImage, unitFeatures } from '../core/labelled-features.js';
import { inSpace } from '../core/spaces.js';
import type { Matrix } from '../core/vectors.js';
import { cropBytes } from '../core/crop-geometry.js';
import type { CropPlace } from '../images/crop-source.js';
import { differenceHash } from '../images/perceptual-hash.js';
import { findNeighbours, type GivenNeighbourOptions, neighbourOptions } from '../index/find-neighbours.js';
import type { SearchSettings } from '../index/indexes.js';
import type { Neighbours } from '../index/neighbour-index.js';
import { duplicateCandidates } from './candidates.js';
import { type Comparable, comparableImages, type ComparableImages } from './comparable-images.js';
import { rangesOf } from './comparison.js';
import { openComparisonPool } from './comparison-pool.js';
import { emptyThumbnails } from './thumbnail-table.js';
import { groupDuplicates, type NearDuplicates } from './near-duplicates.js';

/** Images whose pixels are compared. Every image has one crop. */
export interface DuplicateInput {
  /** (N, size, size, 3) RGB bytes, one square crop per image. */
  crops: Uint8Array;
  /** Side of a crop in pixels. */
  size: number;
  /** (N, D): images near each other are compared. */
  features: Features;
  /** (N): 64-bit difference hashes of the whole images, 16 hexadecimal digits each; of the crops unless given. */
  hashes?: readonly string[];
  /** (N): hashes of the files' bytes; of the crops' bytes unless given. */
  contents?: readonly string[];
  /** (N): width and height of each image in pixels; they say whether two images can have equal pixels. */
  sizes?: readonly { width: number; height: number }[];
}

export interface DuplicateOptions extends GivenNeighbourOptions {
  /** Correlation of two registered crops from which they show one photograph, [0.5, 1]. */
  copyCorrelation?: number;
  /** true: crops are cut round found faces, so that a cropped copy has the same crop. Default false. */
  aligned?: boolean;
}

/**
 * Finds the images that show the same photograph: the same bytes, the same pixels, or pixels that are scaled, cropped,
 * mirrored or compressed anew. Candidates are neighbours by features and by hashes (Manku et al. 2007) and, where crops do
 * not follow faces, by HOG descriptors (Dalal & Triggs 2005); only pixels decide, after inverse compositional registration
 * (Baker & Matthews 2004). It reads and writes no file.
 *
 * @param input crops (N, size, size, 3) and features (N, D)
 * @returns the group of each image (N), whether it is mirrored (N), and the pairs found with their kind
 * @throws FeatureError if counts differ, a number is not finite, or a row of the features is all zeros
 * @throws InterruptedError if `options.signal` is aborted
 * @example
 * import { findDuplicates } from 'facesieve';
 *
 * const { copyGroups, pairs } = await findDuplicates({ crops, size: 64, features });
 * const photographs = new Set(copyGroups).size;
 * const mirrored = pairs.filter(({ kind }) => kind === 'mirrored');
 */
export async function findDuplicates(input: DuplicateInput, options: DuplicateOptions = {}): Promise<NearDuplicates> {
  const { matrix } = unitFeatures(input.features);
  const images = comparablesOf(input, matrix.rows);
  const settings = neighbourOptions(options);
  const numbers = Int32Array.from(images.keys());
  const vectors = inSpace('frozen', matrix);
  const { near } = await findNeighbours(vectors, numbers, settings);
  return findDuplicatesAmong(
    {
      images: comparableImages(images),
      slots: numbers,
      faces: new Int32Array(numbers.length),
      slotsOf: (image) => [image],
      imageOf: numbers,
      vectors,
      near,
      crops: { data: input.crops, size: input.size },
      aligned: options.aligned ?? false,
    },
    {
      copyCorrelation: options.copyCorrelation ?? defaults.sift.copyCorrelation,
      threads: defaults.threads,
      search: settings.index,
      signal: options.signal,
    },
  );
}

function comparablesOf({ crops, size, hashes, contents, sizes }: DuplicateInput, images: number): Comparable[] {
  const length = cropBytes(size);
  if (crops.length !== images * length)
    throw new FeatureError(
      `There are ${images} rows of features and ${crops.length / length} crops of ${size} x ${size} pixels.`,
      ['Give one crop per row, in the same order.'],
    );
  requireOnePerImage('hashes', hashes, images);
  requireOnePerImage('contents', contents, images);
  requireOnePerImage('sizes', sizes, images);
  return Array.from({ length: images }, (_, i) => {
    const data = crops.subarray(i * length, (i + 1) * length);
    return {
      sha256: contents?.[i] ?? sha256(data),
      dhash: hashes?.[i] ?? differenceHash({ data, width: size, height: size }),
      width: sizes?.[i].width ?? size,
      height: sizes?.[i].height ?? size,
    };
  });
}

/** Images with one crop and more each: an image with several faces has several. */
export interface CroppedSet {
  images: ComparableImages; // (N)
  /** Slot of the crop that each image's features are of, (N), and which of its faces that is. */
  slots: Int32Array;
  faces: Int32Array;
  /** All slots of an image. */
  slotsOf: (image: number) => readonly number[];
  /** Image of each slot, (slots), -1 where it belongs to none. */
  imageOf: Int32Array;
  vectors: Matrix; // (slots, D) unit rows
  /** Nearest images of each image. */
  near: Neighbours;
  crops: CropPlace;
  /** Whether crops were cut round found faces. */
  aligned: boolean;
}

/** How the images of a {@link CroppedSet} are compared. */
export interface ComparisonSettings {
  /** Correlation of two registered crops from which they show one photograph. */
  copyCorrelation: number;
  search: SearchSettings;
  /** Threads that compare; the result is the same with any number. */
  threads: number;
  signal?: AbortSignal;
}

/** Crops that one task makes thumbnails of. */
const REDUCED = 1024;

/** @throws InterruptedError if `signal` is aborted */
export async function findDuplicatesAmong(
  set: CroppedSet,
  { copyCorrelation: threshold, search, threads, signal }: ComparisonSettings,
): Promise<NearDuplicates> {
  const { images, imageOf, crops } = set;
  const thumbnails = emptyThumbnails(imageOf.length);
  const pool = openComparisonPool({ crops, thumbnails, threshold }, images.length, threads);
  try {
    const used = Int32Array.from(imageOf.keys()).filter((slot) => imageOf[slot] >= 0);
    await pool.each(rangesOf('thumbnails', used, REDUCED), () => undefined, signal);
    const candidates = await duplicateCandidates({ ...set, hashes: images.hashes }, pool, search, signal);
    return await groupDuplicates({ ...set, candidates, pool }, signal);
  } finally {
    await pool.close();
  }
}
