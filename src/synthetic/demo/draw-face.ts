import type { Random } from '../../core/random.js';
import type { RgbImage } from '../../images/encode.js';
import { cover, degrade, ellipse, lay, paint } from './canvas.js';
import type { Conditions } from './conditions.js';
import type { Colour, Person } from './person.js';

const white: Colour = [238, 236, 232];
const black: Colour = [18, 16, 16];
const cloth: Colour = [190, 206, 214];
const darker = (colour: Colour, by: number): Colour => [colour[0] * by, colour[1] * by, colour[2] * by];

/** `person` under `picture`, a square of `side` pixels, the face about filling it. */
export function drawFace(person: Person, picture: Conditions, side: number, random: Random): RgbImage {
  const [sin, cos] = [Math.sin(picture.roll), Math.cos(picture.roll)];
  const image = paint(side, (u, v) => {
    const pixel = backdropAt(picture, u, v);
    const x = (cos * (u - picture.shiftX) + sin * (v - picture.shiftY)) / picture.zoom;
    const y = (-sin * (u - picture.shiftX) + cos * (v - picture.shiftY)) / picture.zoom;
    drawHead(pixel, person, x, y);
    // Features lie in front of the head's axis: turning moves them more than its outline.
    drawFeatures(pixel, person, picture, x - picture.yaw, y - picture.pitch);
    drawHair(pixel, person, x - 0.3 * picture.yaw, y);
    drawCovers(pixel, person, picture, x - picture.yaw, y - picture.pitch);
    return light(pixel, picture, x);
  });
  return degrade(image, picture.blur, picture.noise, random);
}

function backdropAt({ backdrop: [top, bottom] }: Conditions, u: number, v: number): number[] {
  const share = (v + 1) / 2 + 0.15 * Math.sin(3 * u);
  return top.map((value, c) => value + share * (bottom[c] - value));
}

function drawHead(
  pixel: number[],
  { skin, hair, faceWidth, faceHeight, jaw, hairLength }: Person,
  x: number,
  y: number,
): void {
  lay(
    pixel,
    darker(hair, 0.8),
    cover(ellipse(x, y, 0, -0.1, faceWidth + 0.12, Math.max(0.5, faceHeight * 0.6 + hairLength))),
  );
  lay(pixel, darker(skin, 0.82), cover(Math.max(Math.abs(x) - 0.24, 0.5 - y)));
  const narrowing = 1 - jaw * Math.max(0, y) ** 1.5;
  lay(pixel, skin, cover(ellipse(x / narrowing, y, 0, 0, faceWidth, faceHeight)));
}

function drawFeatures(pixel: number[], person: Person, { smile }: Conditions, x: number, y: number): void {
  const { skin, eyeSpacing, eyeSize, eyeLevel, noseLength, noseWidth, mouthWidth, mouthLevel, lipHeight } = person;
  const inside = cover(ellipse(x, y, 0, 0, person.faceWidth, person.faceHeight));
  const beard = person.beard * cover(0.16 - y) * cover(mouthLevel - 0.14 - y, 0.1);
  lay(pixel, person.hair, beard * inside);
  const ex = Math.abs(x) - eyeSpacing;
  lay(pixel, white, inside * cover(ellipse(ex, y, 0, eyeLevel, eyeSize * 1.5, eyeSize * 0.75)));
  lay(pixel, person.iris, inside * cover(ellipse(ex, y, 0, eyeLevel, eyeSize * 0.7, eyeSize * 0.7)));
  lay(pixel, black, inside * cover(ellipse(ex, y, 0, eyeLevel, eyeSize * 0.35, eyeSize * 0.35)));
  const browY = eyeLevel - 1.7 * eyeSize - person.browTilt * ex;
  lay(
    pixel,
    darker(person.hair, 0.8),
    inside * cover(Math.max(Math.abs(ex) - 1.6 * eyeSize, Math.abs(y - browY) - person.browThickness)),
  );
  const noseTip = eyeLevel + noseLength;
  lay(pixel, darker(skin, 0.84), 0.8 * cover(ellipse(x, y, 0, noseTip, noseWidth, noseWidth * 0.55), 0.05));
  lay(
    pixel,
    darker(skin, 0.93),
    0.7 *
      cover(Math.max(Math.abs(x - 0.3 * noseWidth) - 0.02, Math.abs(y - (eyeLevel + noseTip) / 2) - noseLength / 2)),
  );
  const lipsY = mouthLevel - smile * (x / mouthWidth) ** 2;
  lay(pixel, person.lips, inside * cover(ellipse(x, y, 0, lipsY, mouthWidth, lipHeight)));
  lay(pixel, darker(person.lips, 0.55), inside * cover(ellipse(x, y, 0, lipsY, mouthWidth * 0.9, 0.012)));
}

function drawHair(
  pixel: number[],
  { hair, faceWidth, faceHeight, hairLine, hairLength }: Person,
  x: number,
  y: number,
): void {
  const crown = ellipse(x, y, 0, -0.08, faceWidth + 0.09, faceHeight + 0.04);
  const fringe = y - (hairLine + 0.25 * (x / faceWidth) ** 2);
  lay(pixel, hair, cover(Math.max(crown, fringe)));
  const locks = Math.max(crown, faceWidth - 0.07 - Math.abs(x), y - hairLength);
  lay(pixel, darker(hair, 0.9), cover(locks));
}

function drawCovers(pixel: number[], person: Person, { sunglasses, mask }: Conditions, x: number, y: number): void {
  const { eyeSpacing, eyeSize, eyeLevel, faceWidth, faceHeight } = person;
  const lens = ellipse(Math.abs(x) - eyeSpacing, y, 0, eyeLevel, eyeSize * 2, eyeSize * 1.7);
  if (sunglasses)
    lay(pixel, black, Math.max(cover(lens), cover(Math.max(Math.abs(x) - faceWidth, Math.abs(y - eyeLevel) - 0.02))));
  else if (person.glasses) lay(pixel, black, cover(Math.abs(lens) - 0.015));
  if (mask) lay(pixel, cloth, cover(Math.max(ellipse(x, y, 0, 0, faceWidth, faceHeight), eyeLevel + 0.22 - y)));
}

function light(pixel: number[], { brightness, sideLight, tint }: Conditions, x: number): number[] {
  const level = brightness * (1 + sideLight * Math.min(1, Math.max(-1, x)));
  return pixel.map((value, c) => value * level * tint[c]);
}
