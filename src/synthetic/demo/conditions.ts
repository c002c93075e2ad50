import type { Random } from '../../core/random.js';
import type { Colour } from './person.js';

/** How a picture was taken. Lengths in half image sides, angles in radians. */
export interface Conditions {
  roll: number;
  /** Features move sideways by this much of their depth. */
  yaw: number;
  pitch: number;
  shiftX: number;
  shiftY: number;
  zoom: number;
  brightness: number;
  /** Light from the side: -1 left .. 1 right. */
  sideLight: number;
  tint: Colour;
  backdrop: readonly [Colour, Colour];
  smile: number;
  blur: number;
  noise: number;
  sunglasses: boolean;
  mask: boolean;
}

const colour = (random: Random, low: number, high: number): Colour => [
  random.between(low, high),
  random.between(low, high),
  random.between(low, high),
];

/** An ordinary picture. */
export function ordinary(random: Random): Conditions {
  return {
    roll: 0.1 * random.normal(),
    yaw: 0.08 * random.normal(),
    pitch: 0.04 * random.normal(),
    shiftX: 0.04 * random.normal(),
    shiftY: 0.04 * random.normal(),
    zoom: random.between(0.92, 1.1),
    brightness: random.between(0.78, 1.15),
    sideLight: random.between(-0.35, 0.35),
    tint: [random.between(0.94, 1.06), 1, random.between(0.94, 1.06)],
    backdrop: [colour(random, 30, 220), colour(random, 30, 220)],
    smile: random.between(-0.02, 0.08),
    blur: random.integer(2),
    noise: random.between(2, 7),
    sunglasses: false,
    mask: false,
  };
}

const hardships: readonly ((picture: Conditions, random: Random) => Partial<Conditions>)[] = [
  () => ({ sunglasses: true }),
  () => ({ mask: true }),
  (_, random) => ({ brightness: random.between(0.25, 0.35) }),
  () => ({ blur: 4 }),
  (_, random) => ({ yaw: random.pick([-0.34, 0.34]) }),
];

/** A picture of the right person that is hard to tell: covered, dark, blurred, or turned away. */
export function hard(random: Random): Conditions {
  const picture = ordinary(random);
  return { ...picture, ...random.pick(hardships)(picture, random) };
}
