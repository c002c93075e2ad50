import sharp, { type Sharp } from 'sharp';
import { decodeBmp } from './bmp.js';
import type { RgbImage } from './encode.js';
import { endingOf } from './image-name.js';
import { decodePnm } from './pnm.js';

/** Kinds that the library is not built for. */
const own: Readonly<Record<string, (bytes: Uint8Array, maxPixels: number) => RgbImage>> = {
  bmp: decodeBmp,
  pgm: decodePnm,
  ppm: decodePnm,
};

/** An image of any kind that can be decoded, for the library to work on. @throws DecoderError */
export function openImage(bytes: Uint8Array, maxPixels: number): Sharp {
  const decoder = own[endingOf(bytes)];
  if (decoder === undefined) return sharp(bytes, { limitInputPixels: maxPixels, failOn: 'error' });
  const { data, width, height } = decoder(bytes, maxPixels);
  return sharp(data, { raw: { width, height, channels: 3 } });
}

/** Width and height that a file's header tells; null when it is no image. */
export async function imageSize(bytes: Uint8Array): Promise<{ width: number; height: number } | null> {
  try {
    const { width, height } = await sharp(bytes, { limitInputPixels: false }).metadata();
    return { width, height };
  } catch {
    return null;
  }
}
