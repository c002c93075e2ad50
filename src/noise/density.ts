/** A density, or its logarithm, at even places: `values[i]` belongs to `from + i * step`. */
export interface Density {
  from: number;
  step: number;
  values: Float64Array;
}

const PLACES = 600;
/** Standard deviations at which the kernel ends. */
const REACH = 4;

/** Returns places that cover [low, high]. */
export const placesOver = (low: number, high: number): Omit<Density, 'values'> => ({
  from: low,
  step: (high - low) / (PLACES - 1),
});

/** Computes the density of `samples`, each by its weight, smoothed by a normal kernel of deviation `bandwidth`; what lies outside of the places counts at their ends. */
export function kernelDensity(
  { from, step }: Omit<Density, 'values'>,
  samples: ArrayLike<number>,
  weights: ArrayLike<number>,
  bandwidth: number,
): Density {
  const counts = new Float64Array(PLACES);
  let total = 0;
  for (let i = 0; i < samples.length; i++) {
    const place = Math.round((samples[i] - from) / step);
    counts[Math.min(PLACES - 1, Math.max(0, place))] += weights[i];
    total += weights[i];
  }
  const kernel = normalKernel(bandwidth / step);
  const reach = (kernel.length - 1) / 2;
  const values = new Float64Array(PLACES);
  counts.forEach((count, at) => {
    if (count === 0) return;
    for (let k = Math.max(-reach, -at); k <= reach && at + k < PLACES; k++)
      values[at + k] += (count * kernel[k + reach]) / (step * total);
  });
  return { from, step, values };
}

function normalKernel(deviation: number): Float64Array {
  const reach = Math.ceil(REACH * deviation);
  const kernel = Float64Array.from({ length: 2 * reach + 1 }, (_, i) =>
    deviation > 0 ? Math.exp(-0.5 * ((i - reach) / deviation) ** 2) : 1,
  );
  const sum = kernel.reduce((a, b) => a + b, 0);
  return kernel.map((value) => value / sum);
}

/** Returns the density at `x`, linear between its places. */
export function densityAt({ from, step, values }: Density, x: number): number {
  const position = Math.min(values.length - 1, Math.max(0, (x - from) / step));
  const low = Math.min(values.length - 2, Math.floor(position));
  return values[low] + (values[low + 1] - values[low]) * (position - low);
}

/** Returns the place above which at most `share` of a density lies. */
export function upperPoint({ from, step, values }: Density, share: number): number {
  let [place, above] = [values.length, 0];
  while (place > 0 && above + values[place - 1] * step <= share) above += values[--place] * step;
  return from + place * step;
}

/** Below this a density is no evidence of its shape. */
const LEAST_DENSITY = 1e-9;
const LOWEST_LOG = -60;

/**
 * Returns the log-concave density nearest to `density`: one hump, whose logarithm is concave. Its logarithm has
 * falling slopes: isotonic regression of the slopes (pool adjacent violators), weighted by the density. Beyond the
 * samples it goes on with its last slope.
 */
export function logConcave({ from, step, values }: Density): Density {
  const first = values.findIndex((value) => value > LEAST_DENSITY);
  const last = values.findLastIndex((value) => value > LEAST_DENSITY);
  const seen = Array.from(values.subarray(first, last + 1), (value) => Math.max(value, LEAST_DENSITY));
  const slopes = fallingMeans(
    seen.slice(1).map((value, i) => Math.log(value / seen[i]) / step),
    seen.slice(1).map((value, i) => Math.sqrt(value * seen[i])),
  );
  if (slopes.length === 0) return { from, step, values };
  const fit = Float64Array.from(seen, () => 0);
  for (let i = 1; i < fit.length; i++) fit[i] = fit[i - 1] + slopes[i - 1] * step;
  const total = seen.reduce((a, b) => a + b, 0);
  const shift = seen.reduce((sum, value, i) => sum + (value * (Math.log(value) - fit[i])) / total, 0);
  const logs = values.map((_, i) => {
    if (i < first) return fit[0] + shift + (i - first) * step * slopes[0];
    if (i > last) return fit[fit.length - 1] + shift + (i - last) * step * slopes[slopes.length - 1];
    return fit[i - first] + shift;
  });
  const result = logs.map((value) => Math.exp(Math.max(LOWEST_LOG, value)));
  const mass = result.reduce((a, b) => a + b, 0) * step;
  return { from, step, values: result.map((value) => value / mass) };
}

/** Returns the falling sequence nearest to `values` (least squares by `weights`). */
export function fallingMeans(values: readonly number[], weights: readonly number[]): Float64Array {
  const blocks: { value: number; weight: number; count: number }[] = [];
  for (let i = 0; i < values.length; i++) {
    let block = { value: values[i], weight: weights[i], count: 1 };
    for (let before = blocks.at(-1); before && before.value < block.value; before = blocks.at(-1)) {
      blocks.pop();
      const weight = before.weight + block.weight;
      const value = (before.value * before.weight + block.value * block.weight) / weight;
      block = { value, weight, count: before.count + block.count };
    }
    blocks.push(block);
  }
  const falling = new Float64Array(values.length);
  let at = 0;
  for (const { value, count } of blocks) falling.fill(value, at, (at += count));
  return falling;
}
