import type { RgbImage } from './encode.js';

/** A rectangle of an image in pixels; right and bottom lie outside. */
export interface Region {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** Weights are whole numbers of this: 11 bits for rows, 11 for columns and 8 for the levels fill the 31 of a word. */
const BITS = 11;
const ONE = 1 << BITS;

/** Which source pixels an output pixel is mixed of: `count` from `starts[i]` on, by `weights[i * count + k]`. */
interface Taps {
  count: number;
  starts: Int32Array;
  weights: Int32Array;
}

/**
 * Scales `region` of an image, edge to edge, to (height, width, 3): bilinear, widened to the size of an output pixel
 * where the source is finer, so that nothing is skipped. In whole numbers, which is quicker and alike everywhere.
 */
export function resample(image: RgbImage, region: Region, columns: number, rows: number): Uint8Array {
  const across = tapsOf(region.left, region.right, columns, image.width);
  const down = tapsOf(region.top, region.bottom, rows, image.height);
  const first = 3 * across.starts[0];
  const row = new Int32Array(3 * (across.starts[columns - 1] + across.count) - first);
  const target = new Uint8Array(rows * columns * 3);
  for (let y = 0; y < rows; y++) {
    mixRows(image, first, down, y, row);
    narrowRow(row, first, across, target, 3 * y * columns);
  }
  return target;
}

/** Fills `row` with output row `y` of the columns from byte `first` on, times {@link ONE}. Two source rows at once. */
function mixRows(
  { data, width }: RgbImage,
  first: number,
  { starts, weights, count }: Taps,
  y: number,
  row: Int32Array,
) {
  for (let k = 0; k < count; k += 2) {
    const above = 3 * (starts[y] + k) * width + first;
    const below = k + 1 < count ? above + 3 * width : above;
    const upper = weights[y * count + k];
    const lower = k + 1 < count ? weights[y * count + k + 1] : 0;
    if (k === 0)
      for (let i = 0; i < row.length; i++)
        row[i] = Math.imul(upper, data[above + i]) + Math.imul(lower, data[below + i]);
    else if (upper !== 0 || lower !== 0)
      for (let i = 0; i < row.length; i++)
        row[i] += Math.imul(upper, data[above + i]) + Math.imul(lower, data[below + i]);
  }
}

/** Writes the pixels of one output row at `to`. */
function narrowRow(row: Int32Array, first: number, { starts, weights, count }: Taps, target: Uint8Array, to: number) {
  for (let x = 0, w = 0; x < starts.length; x++, to += 3) {
    let at = 3 * starts[x] - first;
    let red = (ONE * ONE) / 2;
    let green = red;
    let blue = red;
    for (const end = w + count; w < end; w++, at += 3) {
      const weight = weights[w];
      red = (red + Math.imul(weight, row[at])) | 0;
      green = (green + Math.imul(weight, row[at + 1])) | 0;
      blue = (blue + Math.imul(weight, row[at + 2])) | 0;
    }
    target[to] = red >> (2 * BITS);
    target[to + 1] = green >> (2 * BITS);
    target[to + 2] = blue >> (2 * BITS);
  }
}

/** Taps that were worked out last: files of a set are often of one size. */
const known = new Map<string, Taps>();
const MOST_KNOWN = 64;

function tapsOf(from: number, to: number, count: number, length: number): Taps {
  const key = `${from} ${to} ${count} ${length}`;
  const found = known.get(key);
  if (found) return found;
  const taps = triangles(from, to, count, length);
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(key, taps);
  return taps;
}

/** A triangle over each of `count` equal parts of [from, to), cut at the edges of [0, length). */
function triangles(from: number, to: number, count: number, length: number): Taps {
  const step = (to - from) / count;
  const reach = Math.max(1, step);
  const most = Math.min(length, Math.ceil(2 * reach));
  const starts = new Int32Array(count);
  const weights = new Int32Array(count * most);
  const shares = new Float64Array(most);
  for (let i = 0; i < count; i++) {
    const centre = from + (i + 0.5) * step - 0.5;
    const start = Math.max(0, Math.min(length - most, Math.floor(centre - reach) + 1));
    starts[i] = start;
    let [sum, largest] = [0, 0];
    for (let k = 0; k < most; k++) {
      shares[k] = Math.max(0, 1 - Math.abs(start + k - centre) / reach);
      sum += shares[k];
      if (shares[k] > shares[largest]) largest = k;
    }
    let left = ONE; // what rounding takes goes to the largest
    for (let k = 0; k < most; k++) {
      const whole = sum === 0 ? 0 : Math.round((ONE * shares[k]) / sum);
      weights[i * most + k] = whole;
      left -= whole;
    }
    weights[i * most + largest] += left;
  }
  return { count: most, starts, weights };
}
