import type { Random } from '../../core/random.js';
import type { RgbImage } from '../../images/encode.js';
import { degrade, paint } from './canvas.js';
import type { Colour } from './person.js';

const anyColour = (random: Random): Colour => [
  random.between(20, 235),
  random.between(20, 235),
  random.between(20, 235),
];

/** No face at all: what a detector fires at by mistake. Cloth, stripes, or blobs. */
export function drawNonface(side: number, random: Random): RgbImage {
  const [front, back] = [anyColour(random), anyColour(random)];
  const [waveX, waveY, phase] = [random.between(1, 14), random.between(1, 14), random.between(0, 6)];
  const kind = random.integer(3);
  const shareAt = (u: number, v: number): number => {
    if (kind === 0) return 0.5 + 0.5 * Math.sin(waveX * 3 * u + phase) * Math.sin(waveY * 3 * v);
    if (kind === 1) return Math.sin(waveX * (u + v) + phase) > 0.2 ? 1 : 0;
    return Math.min(1, Math.hypot(u - Math.sin(phase), v - Math.cos(waveX)) / 1.6);
  };
  const image = paint(side, (u, v) => front.map((value, c) => value + shareAt(u, v) * (back[c] - value)));
  return degrade(image, random.integer(3), random.between(3, 10), random);
}
