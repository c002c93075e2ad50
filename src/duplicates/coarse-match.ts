import { dotAt } from '../core/vectors.js';
import type { ProductShape } from '../engine/pair-products.js';
import type { SimilarityTransform } from './inverse-compositional.js';
import { detailOf, type Grey, mirrored } from '../images/thumbnail.js';

/** Side of the thumbnail of a crop that is kept of every image: 256 bytes each. */
export const THUMBNAIL_SIDE = 16;

/** What the first look compares: the middle of the thumbnail, so that the other one may lie two pixels (12 %) beside it. */
const REACH = 2;
const WINDOW = THUMBNAIL_SIDE - 2 * REACH;
const AREA = WINDOW * WINDOW;
const SHIFTS = 2 * REACH + 1;
const PLACES = SHIFTS * SHIFTS;
/** Scales a copy is looked for at: a tenth cut off at both sides is 1.25. */
const ZOOMS = [0.8, 0.86, 0.93, 1, 1.075, 1.16, 1.25];

/** Zooms of one thumbnail, upright and mirrored, by the windows of another. */
export const coarseShape: ProductShape = { rows: 2 * ZOOMS.length, inner: AREA, columns: PLACES };

/** What products may be wrong by, and more: what lies nearer to the best is computed anew in one order. */
const TOLERANCE = 1e-4;

/** What is left of a thumbnail without light and contrast. */
export const thumbnailDetail = (thumbnail: Grey): Grey => detailOf(thumbnail, 3, 4);

/** Returns the middle of a thumbnail at every scale, upright and then mirrored, (14, 144): rows of mean 0 and length 1. */
export function zoomsOf({ data }: Grey): Float32Array {
  const zooms = new Float32Array(coarseShape.rows * AREA);
  axes.forEach((axis, z) => {
    const upright = unit(zoomed(data, axis, zooms.subarray(z * AREA, (z + 1) * AREA)));
    const turned = (ZOOMS.length + z) * AREA;
    for (let i = 0; i < AREA; i++) zooms[turned + i] = upright[i - (i % WINDOW) + WINDOW - 1 - (i % WINDOW)];
  });
  return zooms;
}

/** Where each pixel of a side of the window lies in the thumbnail at one scale: between which two, and how far from the first. */
interface Axis {
  starts: Int32Array; // (12)
  shares: Float64Array; // (12), [0, 1)
}

const axes = ZOOMS.map((zoom): Axis => {
  const middle = (THUMBNAIL_SIDE - 1) / 2;
  const places = Float64Array.from({ length: WINDOW }, (_, i) => zoom * (REACH + i - middle) + middle);
  const starts = Int32Array.from(places, Math.floor);
  return { starts, shares: places.map((place, i) => place - starts[i]) };
});

/** The middle of a thumbnail at one scale, as `warp` of inverse-compositional.ts finds it. */
function zoomed(data: Float32Array, { starts, shares }: Axis, target: Float32Array): Float32Array {
  for (let y = 0, to = 0; y < WINDOW; y++) {
    const q = shares[y];
    for (let x = 0; x < WINDOW; x++) {
      const p = shares[x];
      const at = starts[y] * THUMBNAIL_SIDE + starts[x];
      const below = at + THUMBNAIL_SIDE;
      target[to++] =
        (1 - q) * ((1 - p) * data[at] + p * data[at + 1]) + q * ((1 - p) * data[below] + p * data[below + 1]);
    }
  }
  return target;
}

/** Returns the windows of a thumbnail at every shift, (144, 25): columns of mean 0 and length 1. */
export function windowsOf({ data }: Grey): Float32Array {
  const windows = new Float32Array(AREA * PLACES);
  const window = new Float32Array(AREA);
  for (let s = 0; s < PLACES; s++) {
    unit(copyWindow(data, s % SHIFTS, Math.floor(s / SHIFTS), window));
    for (let i = 0; i < AREA; i++) windows[i * PLACES + s] = window[i];
  }
  return windows;
}

export interface CoarseMatch {
  correlation: number;
  mirrored: boolean;
  /** Where the first picture lies in the second, about. */
  place: SimilarityTransform;
}

/**
 * Returns the best place of the first thumbnail in the second, and in its mirror image, in that order, where the correlation
 * there is at least `threshold`. Products say where to look; the correlations themselves are summed in one fixed order.
 *
 * @param products (14, 25), zooms of the first by windows of the second
 * @param zooms of the first
 */
export const coarseMatches = (
  products: Float32Array,
  zooms: Float32Array,
  second: Grey,
  threshold: number,
): CoarseMatch[] =>
  [false, true].flatMap((turned) => {
    const own = products.subarray(turned ? products.length / 2 : 0, turned ? products.length : products.length / 2);
    const most = highest(own);
    if (most < threshold - TOLERANCE) return [];
    const best = bestPlace(own, most - TOLERANCE, zooms, second, turned);
    return best.correlation < threshold ? [] : [best];
  });

function highest(values: Float32Array): number {
  let most = -1;
  for (let i = 0; i < values.length; i++) if (values[i] > most) most = values[i];
  return most;
}

/** @param products (7, 25), of the side that counts @param from what a product must be to be looked at */
function bestPlace(
  products: Float32Array,
  from: number,
  zooms: Float32Array,
  second: Grey,
  turned: boolean,
): CoarseMatch {
  const { data } = turned ? mirrored(second) : second;
  const window = new Float32Array(AREA);
  let correlation = -1;
  let [zoomAt, shift] = [0, 0];
  for (let s = 0; s < PLACES; s++) {
    // The mirror image at one shift is what the picture itself is at the opposite one.
    const column = turned ? s - (s % SHIFTS) + SHIFTS - 1 - (s % SHIFTS) : s;
    let isCut = false;
    for (let z = 0; z < ZOOMS.length; z++) {
      if (products[z * PLACES + column] < from) continue;
      if (!isCut) unit(copyWindow(data, s % SHIFTS, Math.floor(s / SHIFTS), window));
      isCut = true;
      const sum = dotAt(zooms, z * AREA, window, 0, AREA);
      if (sum <= correlation) continue;
      correlation = sum;
      [zoomAt, shift] = [z, s];
    }
  }
  const [x0, y0] = [(shift % SHIFTS) - REACH, Math.floor(shift / SHIFTS) - REACH];
  const place = { a: 1 / ZOOMS[zoomAt], b: 0, x0: x0 / THUMBNAIL_SIDE, y0: y0 / THUMBNAIL_SIDE };
  return { correlation, mirrored: turned, place };
}

function copyWindow(data: Float32Array, left: number, top: number, target: Float32Array): Float32Array {
  for (let y = 0, to = 0; y < WINDOW; y++)
    for (let from = (top + y) * THUMBNAIL_SIDE + left, end = from + WINDOW; from < end; from++)
      target[to++] = data[from];
  return target;
}

/** In place: mean 0, length 1; what is flat becomes 0. */
function unit(values: Float32Array): Float32Array {
  let [sum, squares] = [0, 0];
  for (let i = 0; i < values.length; i++) {
    sum += values[i];
    squares += values[i] * values[i];
  }
  const mean = sum / values.length;
  const length = Math.sqrt(Math.max(0, squares - sum * mean));
  const scale = length > 1e-6 ? 1 / length : 0;
  for (let i = 0; i < values.length; i++) values[i] = (values[i] - mean) * scale;
  return values;
}
