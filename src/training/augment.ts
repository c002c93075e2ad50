import type { Random } from '../core/random.js';

export interface Augmentation {
  flip: boolean;
  /** Most pixels of shift each way at size 64; grows with the crop. */
  shift: number;
  /** Most relative change of brightness and contrast. */
  light: number;
}

/** Writes `crop` (S, S, 3) to `target` mirrored, shifted (edges repeated) and relit by chance. */
export function augmentInto(
  crop: Uint8Array,
  size: number,
  target: Uint8Array,
  offset: number,
  { flip, shift, light }: Augmentation,
  random: Random,
): void {
  const reach = Math.round((shift * size) / 64);
  const mirrored = flip && random.uniform() < 0.5;
  const dx = random.integer(2 * reach + 1) - reach;
  const dy = random.integer(2 * reach + 1) - reach;
  const tones = toneCurve(random.between(-light, light), random.between(-light, light));
  const inside = (at: number): number => Math.min(size - 1, Math.max(0, at));
  let next = offset;
  for (let y = 0; y < size; y++) {
    const row = inside(y + dy) * size;
    for (let x = 0; x < size; x++) {
      const column = inside((mirrored ? size - 1 - x : x) + dx);
      const source = 3 * (row + column);
      target[next++] = tones[crop[source]];
      target[next++] = tones[crop[source + 1]];
      target[next++] = tones[crop[source + 2]];
    }
  }
}

/** The 256 output levels after a change of contrast and brightness. */
function toneCurve(contrast: number, brightness: number): Uint8ClampedArray {
  const curve = new Uint8ClampedArray(256);
  for (let level = 0; level < 256; level++) curve[level] = (level - 128) * (1 + contrast) + 128 + 128 * brightness;
  return curve;
}
