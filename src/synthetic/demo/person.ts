import type { Random } from '../../core/random.js';

export type Colour = readonly [red: number, green: number, blue: number];

/** What makes a made-up person: lengths in half image sides, angles in radians, colours 0..255. */
export interface Person {
  skin: Colour;
  hair: Colour;
  lips: Colour;
  iris: Colour;
  faceWidth: number;
  faceHeight: number;
  /** How much the face narrows towards the chin, 0..1. */
  jaw: number;
  eyeSpacing: number;
  eyeSize: number;
  eyeLevel: number;
  browTilt: number;
  browThickness: number;
  noseLength: number;
  noseWidth: number;
  mouthWidth: number;
  mouthLevel: number;
  lipHeight: number;
  hairLine: number;
  /** How far the hair hangs down at the sides. */
  hairLength: number;
  beard: number;
  glasses: boolean;
}

const skins: readonly Colour[] = [
  [241, 208, 184],
  [226, 181, 150],
  [198, 146, 112],
  [160, 108, 78],
  [120, 78, 56],
];
const hairs: readonly Colour[] = [
  [28, 24, 22],
  [74, 48, 30],
  [132, 88, 46],
  [198, 160, 92],
  [146, 62, 34],
  [150, 150, 152],
];
const irises: readonly Colour[] = [
  [52, 34, 22],
  [74, 104, 140],
  [78, 110, 70],
  [110, 84, 44],
];

const vary = (colour: Colour, by: number, random: Random): Colour =>
  colour.map((value) => Math.min(255, Math.max(0, value + random.between(-by, by)))) as unknown as Colour;

/** A person by chance: looks that differ in shape as much as in colour, so that no single pixel tells who it is. */
export function makePerson(random: Random): Person {
  const skin = vary(random.pick(skins), 12, random);
  return {
    skin,
    hair: vary(random.pick(hairs), 14, random),
    lips: [skin[0] * 0.86, skin[1] * random.between(0.5, 0.72), skin[2] * random.between(0.55, 0.78)],
    iris: vary(random.pick(irises), 14, random),
    faceWidth: random.between(0.46, 0.66),
    faceHeight: random.between(0.66, 0.84),
    jaw: random.between(0.05, 0.5),
    eyeSpacing: random.between(0.2, 0.32),
    eyeSize: random.between(0.07, 0.13),
    eyeLevel: random.between(-0.2, -0.04),
    browTilt: random.between(-0.35, 0.35),
    browThickness: random.between(0.018, 0.06),
    noseLength: random.between(0.16, 0.32),
    noseWidth: random.between(0.06, 0.15),
    mouthWidth: random.between(0.15, 0.31),
    mouthLevel: random.between(0.3, 0.44),
    lipHeight: random.between(0.03, 0.085),
    hairLine: random.between(-0.62, -0.3),
    hairLength: random.between(-0.3, 0.8),
    beard: random.uniform() < 0.25 ? random.between(0.4, 0.9) : 0,
    glasses: random.uniform() < 0.15,
  };
}
