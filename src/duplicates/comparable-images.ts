import { setHash } from '../core/image-table.js';

/** Images as far as they are compared, in columns: a hundred bytes an image less than objects. */
export interface ComparableImages {
  /** Images, N. */
  readonly length: number;
  /** The order of two images by the hash of their bytes; 0 = equal bytes. */
  compareContents(a: number, b: number): number;
  /** 64-bit difference hashes, (N, 2), the high word first. */
  readonly hashes: Uint32Array;
  /** In pixels, (N); -1 = not known. */
  readonly widths: Int32Array;
  readonly heights: Int32Array;
}

/** An image, as far as it is compared. */
export interface Comparable {
  sha256: string;
  dhash: string;
  width: number | null;
  height: number | null;
}

/** Returns the columns of `images`. */
export function comparableImages(images: readonly Comparable[]): ComparableImages {
  const hashes = new Uint32Array(2 * images.length);
  images.forEach(({ dhash }, i) => setHash(hashes, i, dhash));
  return {
    length: images.length,
    compareContents: (a, b) => compareText(images[a].sha256, images[b].sha256),
    hashes,
    widths: Int32Array.from(images, ({ width }) => width ?? -1),
    heights: Int32Array.from(images, ({ height }) => height ?? -1),
  };
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
