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
  const first = down.starts[0];
  const last = down.starts[rows - 1] + down.count;
  return mixRows(narrowRows(image, first, last, across), first, down, columns * 3);
}

/** Rows `first` to `last` of an image, (last - first, columns, 3), times {@link ONE}. */
function narrowRows({ data, width }: RgbImage, first: number, last: number, { starts, weights, count }: Taps) {
  const columns = starts.length;
  const narrow = new Int32Array((last - first) * columns * 3);
  let to = 0;
  for (let y = first; y < last; y++)
    for (let x = 0; x < columns; x++) {
      let at = 3 * (y * width + starts[x]);
      let red = 0;
      let green = 0;
      let blue = 0;
      for (let w = x * count; w < (x + 1) * count; w++) {
        const weight = weights[w];
        red = (red + Math.imul(weight, data[at])) | 0;
        green = (green + Math.imul(weight, data[at + 1])) | 0;
        blue = (blue + Math.imul(weight, data[at + 2])) | 0;
        at += 3;
      }
      narrow[to] = red;
      narrow[to + 1] = green;
      narrow[to + 2] = blue;
      to += 3;
    }
  return narrow;
}

/** @param narrow (source rows from `first` on, length) @returns (rows, length) */
function mixRows(narrow: Int32Array, first: number, { starts, weights, count }: Taps, length: number): Uint8Array {
  const rows = starts.length;
  const sums = new Int32Array(length);
  const target = new Uint8Array(rows * length);
  for (let y = 0, to = 0; y < rows; y++) {
    sums.fill((ONE * ONE) / 2);
    for (let k = 0; k < count; k++) {
      const weight = weights[y * count + k];
      const from = (starts[y] + k - first) * length;
      for (let i = 0; i < length; i++) sums[i] = (sums[i] + Math.imul(weight, narrow[from + i])) | 0;
    }
    for (let i = 0; i < length; i++) target[to++] = sums[i] >> (2 * BITS);
  }
  return target;
}

/** Taps used last: crops are all of one size. */
let last: { key: string; taps: Taps }[] = [];
const TAPS_HELD = 8;

function tapsOf(from: number, to: number, count: number, length: number): Taps {
  const key = `${from} ${to} ${count} ${length}`;
  const known = last.find((one) => one.key === key);
  if (known) return known.taps;
  const taps = makeTaps(from, to, count, length);
  last = [{ key, taps }, ...last.slice(0, TAPS_HELD - 1)];
  return taps;
}

/** A triangle over each of `count` equal parts of [from, to), cut at the edges of [0, length). */
function makeTaps(from: number, to: number, count: number, length: number): Taps {
  const step = (to - from) / count;
  const reach = Math.max(1, step);
  const most = Math.min(length, reach === 1 ? 2 : Math.ceil(2 * reach) + 1);
  const starts = new Int32Array(count);
  const weights = new Int32Array(count * most);
  for (let i = 0; i < count; i++) {
    const centre = from + (i + 0.5) * step - 0.5;
    starts[i] = Math.max(0, Math.min(length - most, Math.floor(centre - reach) + 1));
    const shares = Array.from({ length: most }, (_, k) => Math.max(0, 1 - Math.abs(starts[i] + k - centre) / reach));
    const sum = shares.reduce((a, b) => a + b, 0);
    const whole = shares.map((share) => (sum === 0 ? 0 : Math.round((ONE * share) / sum)));
    whole[shares.indexOf(Math.max(...shares))] += ONE - whole.reduce((a, b) => a + b, 0); // what rounding took
    weights.set(whole, i * most);
  }
  return { count: most, starts, weights };
}
