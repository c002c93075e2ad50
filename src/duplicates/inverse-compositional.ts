import type { Grey } from '../images/thumbnail.js';

/**
 * Where a point of the first picture lies in the second, both measured from the middle in sides:
 * x' = a x - b y + x0, y' = b x + a y + y0 (scale and turn in a and b).
 */
export interface SimilarityTransform {
  a: number;
  b: number;
  x0: number;
  y0: number;
}

/** The first picture's pixels found in the second: values (side, side), NaN where they lie outside. */
export function warp({ data, side }: Grey, { a, b, x0, y0 }: SimilarityTransform, target: Float32Array): Float32Array {
  const middle = (side - 1) / 2;
  for (let y = 0, to = 0; y < side; y++)
    for (let x = 0; x < side; x++, to++) {
      const [u, v] = [x - middle, y - middle];
      const across = a * u - b * v + x0 * side + middle;
      const down = b * u + a * v + y0 * side + middle;
      const left = Math.floor(across);
      const top = Math.floor(down);
      if (!(left >= 0 && top >= 0 && left < side - 1 && top < side - 1)) {
        target[to] = NaN;
        continue;
      }
      const [p, q, at] = [across - left, down - top, top * side + left];
      target[to] =
        (1 - q) * ((1 - p) * data[at] + p * data[at + 1]) + q * ((1 - p) * data[at + side] + p * data[at + side + 1]);
    }
  return target;
}

/** Normalised correlation where both are known, [-1, 1], and the share of the picture that is. */
export function correlation(first: Float32Array, second: Float32Array): { correlation: number; overlap: number } {
  let [n, sa, sb, saa, sbb, sab] = [0, 0, 0, 0, 0, 0];
  for (let i = 0; i < first.length; i++) {
    const [p, q] = [first[i], second[i]];
    if (!(p - q === p - q)) continue; // NaN
    n++;
    sa += p;
    sb += q;
    saa += p * p;
    sbb += q * q;
    sab += p * q;
  }
  const spread = (saa - (sa * sa) / n) * (sbb - (sb * sb) / n);
  return { correlation: spread > 1e-9 ? (sab - (sa * sb) / n) / Math.sqrt(spread) : 0, overlap: n / first.length };
}

/**
 * Refines `start` until the second picture lies on the first: least squares of scale, turn and shift on values of equal
 * spread, inverse compositional (Baker & Matthews 2004, section 3.2).
 * @param slopes of the first picture, where they are known ({@link steepest})
 */
export function registerImages(
  first: Grey,
  second: Grey,
  start: SimilarityTransform,
  steps: number,
  slopes = steepest(first),
): SimilarityTransform {
  const { data, side } = first;
  const found = new Float32Array(data.length);
  let best = start;
  for (let step = 0; step < steps; step++) {
    warp(second, best, found);
    const change = solveStep(data, found, slopes);
    if (!change) break;
    best = compose(best, change);
    if (Math.hypot(change.x0, change.y0) + Math.hypot(change.a - 1, change.b) / 2 < 0.02 / side) break;
  }
  return best;
}

/** How the first picture changes with each of the four parameters at the identity, (side * side, 4). */
export function steepest({ data, side }: Grey): Float32Array {
  const slopes = new Float32Array(data.length * 4);
  const middle = (side - 1) / 2;
  for (let y = 1; y < side - 1; y++)
    for (let x = 1; x < side - 1; x++) {
      const at = y * side + x;
      const gx = (data[at + 1] - data[at - 1]) / 2;
      const gy = (data[at + side] - data[at - side]) / 2;
      const [u, v] = [x - middle, y - middle];
      slopes[at * 4] = gx * u + gy * v;
      slopes[at * 4 + 1] = gy * u - gx * v;
      slopes[at * 4 + 2] = gx * side;
      slopes[at * 4 + 3] = gy * side;
    }
  return slopes;
}

/** Mean and deviation of both pictures where both are known; undefined where that is less than a quarter. */
function spreadsOf(data: Float32Array, found: Float32Array) {
  let n = 0;
  let sa = 0;
  let sb = 0;
  let saa = 0;
  let sbb = 0;
  for (let i = 0; i < data.length; i++) {
    const q = found[i];
    if (q !== q) continue;
    const p = data[i];
    n++;
    sa += p;
    sb += q;
    saa += p * p;
    sbb += q * q;
  }
  if (n < data.length / 4) return undefined;
  const [ma, mb] = [sa / n, sb / n];
  return { ma, mb, gain: Math.sqrt(Math.max(1e-12, saa / n - ma * ma) / Math.max(1e-12, sbb / n - mb * mb)) };
}

/** The change that takes the first picture nearest to what was `found` of the second. */
function solveStep(data: Float32Array, found: Float32Array, slopes: Float32Array): SimilarityTransform | undefined {
  const spreads = spreadsOf(data, found);
  if (!spreads) return undefined;
  const { ma, mb, gain } = spreads;
  // The normal equations, written out: this is where the time goes.
  let h00 = 0;
  let h01 = 0;
  let h02 = 0;
  let h03 = 0;
  let h11 = 0;
  let h12 = 0;
  let h13 = 0;
  let h22 = 0;
  let h23 = 0;
  let h33 = 0;
  let e0 = 0;
  let e1 = 0;
  let e2 = 0;
  let e3 = 0;
  for (let i = 0, at = 0; i < data.length; i++, at += 4) {
    const q = found[i];
    if (q !== q) continue;
    const error = gain * (q - mb) - (data[i] - ma);
    const s0 = slopes[at];
    const s1 = slopes[at + 1];
    const s2 = slopes[at + 2];
    const s3 = slopes[at + 3];
    h00 += s0 * s0;
    h01 += s0 * s1;
    h02 += s0 * s2;
    h03 += s0 * s3;
    h11 += s1 * s1;
    h12 += s1 * s2;
    h13 += s1 * s3;
    h22 += s2 * s2;
    h23 += s2 * s3;
    h33 += s3 * s3;
    e0 += s0 * error;
    e1 += s1 * error;
    e2 += s2 * error;
    e3 += s3 * error;
  }
  const solved = solve(
    Float64Array.of(h00, h01, h02, h03, e0, h01, h11, h12, h13, e1, h02, h12, h22, h23, e2, h03, h13, h23, h33, e3),
  );
  return solved && { a: 1 + solved[0], b: solved[1], x0: solved[2], y0: solved[3] };
}

/** Gauss elimination with pivots of a (4, 5) system. */
function solve(m: Float64Array): number[] | undefined {
  for (let c = 0; c < 4; c++) {
    let pivot = c;
    for (let r = c + 1; r < 4; r++) if (Math.abs(m[r * 5 + c]) > Math.abs(m[pivot * 5 + c])) pivot = r;
    if (Math.abs(m[pivot * 5 + c]) < 1e-9) return undefined;
    for (let k = 0; k < 5; k++) [m[c * 5 + k], m[pivot * 5 + k]] = [m[pivot * 5 + k], m[c * 5 + k]];
    for (let r = 0; r < 4; r++) {
      if (r === c) continue;
      const factor = m[r * 5 + c] / m[c * 5 + c];
      for (let k = c; k < 5; k++) m[r * 5 + k] -= factor * m[c * 5 + k];
    }
  }
  return [0, 1, 2, 3].map((r) => m[r * 5 + 4] / m[r * 5 + r]);
}

/** `now` after the inverse of `change`. */
function compose(now: SimilarityTransform, change: SimilarityTransform): SimilarityTransform {
  const size = change.a * change.a + change.b * change.b;
  const [a, b] = [change.a / size, -change.b / size];
  const [x0, y0] = [-(a * change.x0 - b * change.y0), -(b * change.x0 + a * change.y0)];
  return {
    a: now.a * a - now.b * b,
    b: now.b * a + now.a * b,
    x0: now.a * x0 - now.b * y0 + now.x0,
    y0: now.b * x0 + now.a * y0 + now.y0,
  };
}
