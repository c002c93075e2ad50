import type { Density } from './density.js';

/**
 * Fits a normal with a deviation of its own on each side of its mode to weighted places, by maximum likelihood
 * (two-piece normal, John 1982), and returns its density there. Given the mode, the deviations follow from the sums of squares on
 * its two sides; every few places are tried as modes.
 *
 * @param weights at the places, at least one above 0
 */
export function splitNormal({ from, step }: Omit<Density, 'values'>, weights: Float64Array): Float64Array {
  const total = weights.reduce((a, b) => a + b, 0);
  const sums = { count: 0, first: 0, second: 0 };
  const all = { count: 0, first: 0, second: 0 };
  weights.forEach((weight, place) => add(all, weight, from + place * step));
  let best = { mode: from, lower: step, upper: step, spread: Infinity };
  weights.forEach((weight, place) => {
    const mode = from + place * step;
    add(sums, weight, mode);
    if (place % TRIED !== 0) return;
    const below = squaresAbout(mode, sums);
    const above = Math.max(0, squaresAbout(mode, all) - below);
    const [low, high] = [Math.cbrt(Math.max(0, below) / total), Math.cbrt(above / total)];
    const spread = low + high;
    if (spread < best.spread)
      best = { mode, lower: Math.sqrt(low ** 2 * spread), upper: Math.sqrt(high ** 2 * spread), spread };
  });
  const [lower, upper] = [Math.max(step, best.lower), Math.max(step, best.upper)];
  const height = Math.sqrt(2 / Math.PI) / (lower + upper);
  return weights.map((_, place) => {
    const off = from + place * step - best.mode;
    return height * Math.exp(-0.5 * (off / (off < 0 ? lower : upper)) ** 2);
  });
}

/** Every how many places a mode is tried. */
const TRIED = 2;

interface Sums {
  count: number;
  first: number;
  second: number;
}

function add(sums: Sums, weight: number, x: number): void {
  sums.count += weight;
  sums.first += weight * x;
  sums.second += weight * x * x;
}

const squaresAbout = (mode: number, { count, first, second }: Sums): number =>
  second - 2 * mode * first + mode ** 2 * count;
