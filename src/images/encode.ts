import sharp from 'sharp';

/** Interleaved 8-bit RGB, (height, width, 3). */
export interface RgbImage {
  data: Uint8Array;
  width: number;
  height: number;
}

/** JPEG bytes of `image`. @param quality 1..100 */
export function encodeJpeg(image: RgbImage, quality = 90): Promise<Buffer> {
  const raw = { width: image.width, height: image.height, channels: 3 as const };
  return sharp(image.data, { raw }).jpeg({ quality }).toBuffer();
}

/** PNG bytes of `image`: nothing is lost. */
export function encodePng(image: RgbImage): Promise<Buffer> {
  const raw = { width: image.width, height: image.height, channels: 3 as const };
  return sharp(image.data, { raw }).png().toBuffer();
}
