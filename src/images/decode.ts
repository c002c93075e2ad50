import sharp, { type Sharp } from 'sharp';
import type { CropGeometry } from '../core/crop-geometry.js';
import type { RgbImage } from './encode.js';

// One image a thread: the callers run several at once.
sharp.concurrency(1);
sharp.cache(false);

/** What a crawl holds pictures in; the library reads drawings, documents and more, and those are no photographs. */
const formats = new Set(['jpeg', 'png', 'webp', 'heif', 'gif', 'tiff']);

/** Longer side from which an image is reduced before faces are looked for: 40 pixels of face are enough to align. */
const LONGEST = 4000;

export interface SourceSize {
  width: number;
  height: number;
}

/**
 * The square crop of `geometry` out of a file's bytes, turned upright (EXIF); the first frame of several.
 * @throws Error with the decoder's reason: not an image, truncated, or more than `maxPixels` pixels.
 */
export async function decodeCrop(
  bytes: Uint8Array,
  geometry: CropGeometry,
  maxPixels: number,
): Promise<SourceSize & { crop: Uint8Array }> {
  const { width, height } = await sizeOfImage(bytes, maxPixels);
  const side = Math.max(1, Math.round(Math.min(width, height) * geometry.share));
  const middle = { left: Math.floor((width - side) / 2), top: Math.floor((height - side) / 2) };
  const cut = open(bytes, maxPixels).extract({ ...middle, width: side, height: side });
  const { data } = await rgbOf(cut.resize(geometry.size, geometry.size));
  return { width, height, crop: data };
}

/** All of an image, upright, reduced to at most 4,000 pixels a side. @throws Error as {@link decodeCrop} */
export async function decodeImage(bytes: Uint8Array, maxPixels: number): Promise<SourceSize & { image: RgbImage }> {
  const size = await sizeOfImage(bytes, maxPixels);
  const whole = open(bytes, maxPixels);
  const large = Math.max(size.width, size.height) > LONGEST;
  const image = await rgbOf(large ? whole.resize(LONGEST, LONGEST, { fit: 'inside' }) : whole);
  return { ...size, image };
}

const open = (bytes: Uint8Array, maxPixels: number): Sharp =>
  sharp(bytes, { limitInputPixels: maxPixels, failOn: 'error' }).rotate();

async function sizeOfImage(bytes: Uint8Array, maxPixels: number): Promise<SourceSize> {
  const { format, autoOrient } = await open(bytes, maxPixels).metadata();
  if (!formats.has(format)) throw new Error(`a ${format} file is not a photograph`);
  return { width: autoOrient.width, height: autoOrient.height };
}

async function rgbOf(image: Sharp): Promise<RgbImage> {
  const rgb = image.flatten({ background: '#808080' }).toColourspace('srgb').removeAlpha().raw();
  const { data, info } = await rgb.toBuffer({ resolveWithObject: true });
  return { data: new Uint8Array(data.buffer, data.byteOffset, data.length), width: info.width, height: info.height };
}
