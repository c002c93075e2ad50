/** Round numbers from 0 or below to `most` or above it, some `about` of them: steps of 1, 2 or 5 times a power of ten. */
export function ticks(least: number, most: number, about: number): number[] {
  const raw = Math.max(most - least, Number.EPSILON) / Math.max(1, about);
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = power * ([1, 2, 5, 10].find((times) => times * power >= raw) ?? 10);
  const first = Math.floor(least / step);
  const last = Math.ceil(most / step - 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}
