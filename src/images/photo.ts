import type { RgbImage } from './encode.js';
import { decodeImage } from './decode.js';
import { resample } from './resample.js';

/** A whole image, upright, its longer side reduced to at most `side`. @throws UndecodableError with the reason */
export async function photoOf(bytes: Uint8Array, maxPixels: number, side: number): Promise<RgbImage> {
  const { image } = await decodeImage(bytes, maxPixels);
  const scale = side / Math.max(image.width, image.height);
  if (scale >= 1) return image;
  const [width, height] = [image.width, image.height].map((length) => Math.max(1, Math.round(length * scale)));
  const data = resample(image, { left: 0, top: 0, right: image.width, bottom: image.height }, width, height);
  return { data, width, height };
}
