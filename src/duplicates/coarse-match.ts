import { dotAt } from '../core/vectors.js';
import type { ProductShape } from '../engine/pair-products.js';
import { warp, type SimilarityTransform } from './inverse-compositional.js';
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
export function zoomsOf(detail: Grey): Float32Array {
  const whole = new Float32Array(THUMBNAIL_SIDE * THUMBNAIL_SIDE);
  const zooms = new Float32Array(coarseShape.rows * AREA);
  ZOOMS.forEach((zoom, z) => {
    warp(detail, { a: zoom, b: 0, x0: 0, y0: 0 }, whole);
    const upright = unit(copyWindow(whole, REACH, REACH, zooms.subarray(z * AREA, (z + 1) * AREA)));
    const turned = (ZOOMS.length + z) * AREA;
    for (let i = 0; i < AREA; i++) zooms[turned + i] = upright[i - (i % WINDOW) + WINDOW - 1 - (i % WINDOW)];
  });
  return zooms;
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
