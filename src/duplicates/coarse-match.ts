import { dotAt } from '../core/vectors.js';
import { drawn, type Similarity } from './inverse-compositional.js';
import { detailOf, type Grey, mirrored } from '../images/thumbnail.js';

/** Side of the print of a crop that is kept of every image: 256 bytes each. */
export const PRINT_SIDE = 16;

/** What the first look compares: the middle of the print, so that the other one may lie two pixels (12 %) beside it. */
const REACH = 2;
const WINDOW = PRINT_SIDE - 2 * REACH;
const SHIFTS = 2 * REACH + 1;
/** Scales a copy is looked for at: a tenth cut off at both sides is 1.25. */
const ZOOMS = [0.8, 0.86, 0.93, 1, 1.075, 1.16, 1.25];

/** Of a print: its middle at every scale, each of mean 0 and length 1. */
export type Zooms = Float32Array[];

/** What is left of a print without light and contrast. */
export const printDetail = (print: Grey): Grey => detailOf(print, 3, 4);

export function zoomsOf(detail: Grey): Zooms {
  const whole = new Float32Array(PRINT_SIDE * PRINT_SIDE);
  return ZOOMS.map((zoom) => {
    drawn(detail, { a: zoom, b: 0, x0: 0, y0: 0 }, whole);
    return unit(copyWindow(whole, REACH, REACH, new Float32Array(WINDOW * WINDOW)));
  });
}

export interface RoughMatch {
  correlation: number;
  mirrored: boolean;
  /** Where the first picture lies in the second, about. */
  place: Similarity;
}

/** Best place of the first print in the second, and in its mirror image; in that order. */
export const roughMatches = (first: Zooms, second: Grey): RoughMatch[] => [
  { ...bestPlace(first, second), mirrored: false },
  { ...bestPlace(first, mirrored(second)), mirrored: true },
];

function bestPlace(first: Zooms, { data }: Grey): Omit<RoughMatch, 'mirrored'> {
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
  return { correlation, place: { a: 1 / ZOOMS[zoomAt], b: 0, x0: x0 / PRINT_SIDE, y0: y0 / PRINT_SIDE } };
}

function copyWindow(data: Float32Array, left: number, top: number, target: Float32Array): Float32Array {
  for (let y = 0, to = 0; y < WINDOW; y++)
    for (let from = (top + y) * PRINT_SIDE + left, end = from + WINDOW; from < end; from++) target[to++] = data[from];
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
