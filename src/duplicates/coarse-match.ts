import { dotAt } from '../core/vectors.js';
import { warp, type SimilarityTransform } from './inverse-compositional.js';
import { detailOf, type Grey, mirrored } from '../images/thumbnail.js';

/** Side of the thumbnail of a crop that is kept of every image: 256 bytes each. */
export const THUMBNAIL_SIDE = 16;

/** What the first look compares: the middle of the thumbnail, so that the other one may lie two pixels (12 %) beside it. */
const REACH = 2;
const WINDOW = THUMBNAIL_SIDE - 2 * REACH;
const SHIFTS = 2 * REACH + 1;
/** Scales a copy is looked for at: a tenth cut off at both sides is 1.25. */
const ZOOMS = [0.8, 0.86, 0.93, 1, 1.075, 1.16, 1.25];

/** Of a thumbnail: its middle at every scale, each of mean 0 and length 1. */
export type Zooms = Float32Array[];

/** What is left of a thumbnail without light and contrast. */
export const thumbnailDetail = (thumbnail: Grey): Grey => detailOf(thumbnail, 3, 4);

export function zoomsOf(detail: Grey): Zooms {
  const whole = new Float32Array(THUMBNAIL_SIDE * THUMBNAIL_SIDE);
  return ZOOMS.map((zoom) => {
    warp(detail, { a: zoom, b: 0, x0: 0, y0: 0 }, whole);
    return unit(copyWindow(whole, REACH, REACH, new Float32Array(WINDOW * WINDOW)));
  });
}

export interface CoarseMatch {
  correlation: number;
  mirrored: boolean;
  /** Where the first picture lies in the second, about. */
  place: SimilarityTransform;
}

/** Best place of the first thumbnail in the second, and in its mirror image; in that order. */
export const coarseMatches = (first: Zooms, second: Grey): CoarseMatch[] => [
  { ...bestPlace(first, second), mirrored: false },
  { ...bestPlace(first, mirrored(second)), mirrored: true },
];

function bestPlace(first: Zooms, { data }: Grey): Omit<CoarseMatch, 'mirrored'> {
  let correlation = -1;
  let [zoomAt, shift] = [0, 0];
  const other = new Float32Array(WINDOW * WINDOW);
  for (let s = 0; s < SHIFTS * SHIFTS; s++) {
    unit(copyWindow(data, s % SHIFTS, Math.floor(s / SHIFTS), other));
    for (let z = 0; z < first.length; z++) {
      const sum = dotAt(first[z], 0, other, 0, other.length);
      if (sum <= correlation) continue;
      correlation = sum;
      [zoomAt, shift] = [z, s];
    }
  }
  const [x0, y0] = [(shift % SHIFTS) - REACH, Math.floor(shift / SHIFTS) - REACH];
  return { correlation, place: { a: 1 / ZOOMS[zoomAt], b: 0, x0: x0 / THUMBNAIL_SIDE, y0: y0 / THUMBNAIL_SIDE } };
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
