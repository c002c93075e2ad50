import sharp from 'sharp';
import type { CropGeometry } from '../core/crop-geometry.js';
import type { RgbImage } from './encode.js';
import { openImage } from './open-image.js';
import { resample } from './resample.js';
import { decodeSmallJpeg } from './small-jpeg.js';
import { UndecodableError, whyNotTried, whyUndecodable } from './why-undecodable.js';

// One image a thread: the callers run several at once.
sharp.concurrency(1);
sharp.cache(false);

/** Longer side to which an image is reduced before faces are looked for: 40 pixels of face are enough to align. */
const LONGEST = 4000;

/** Pixels a pixel of the crop that are decoded: a decoder that skips detail is quicker, and two are enough to average. */
const FINER = 2;

export interface DecodedImage {
  /** Of the file, upright. */
  width: number;
  height: number;
  /** All of it, possibly reduced. */
  image: RgbImage;
}

/**
 * The square crop of `geometry` out of a file's bytes, turned upright (EXIF); the first frame of several.
 * @throws UndecodableError with the reason: not an image, truncated, damaged, or more than `maxPixels` pixels.
 */
export async function decodeCrop(
  bytes: Uint8Array,
  { size, share }: CropGeometry,
  maxPixels: number,
): Promise<Omit<DecodedImage, 'image'> & { crop: Uint8Array }> {
  const enough = Math.ceil((FINER * size) / share);
  const { image, width, height } = await decode(bytes, maxPixels, { side: enough, fit: 'outside' });
  const side = Math.max(1, Math.round(Math.min(image.width, image.height) * share));
  const [left, top] = [Math.floor((image.width - side) / 2), Math.floor((image.height - side) / 2)];
  const crop = resample(image, { left, top, right: left + side, bottom: top + side }, size, size);
  return { width, height, crop };
}

/** All of an image, upright, reduced to at most 4,000 pixels a side. @throws UndecodableError as {@link decodeCrop} */
export const decodeImage = (bytes: Uint8Array, maxPixels: number): Promise<DecodedImage> =>
  decode(bytes, maxPixels, { side: LONGEST, fit: 'inside' });

/** @param within reduces what is larger, so that the longer side fits `inside`, or the shorter one stays `outside` */
async function decode(
  bytes: Uint8Array,
  maxPixels: number,
  within: { side: number; fit: 'inside' | 'outside' },
): Promise<DecodedImage> {
  // The library also reads drawings and documents, and those are no photographs.
  const refused = whyNotTried(bytes);
  if (refused !== undefined) throw new UndecodableError(refused);
  const small = await decodeSmallJpeg(bytes, maxPixels, (size) => limitedSide(size, within.fit) <= within.side);
  if (small) return { width: small.width, height: small.height, image: small };
  try {
    return await decodeWithin(bytes, maxPixels, within);
  } catch (error) {
    throw new UndecodableError(await whyUndecodable(bytes, maxPixels, error), { cause: error });
  }
}

const limitedSide = ({ width, height }: { width: number; height: number }, fit: 'inside' | 'outside'): number =>
  fit === 'inside' ? Math.max(width, height) : Math.min(width, height);

async function decodeWithin(
  bytes: Uint8Array,
  maxPixels: number,
  within: { side: number; fit: 'inside' | 'outside' },
): Promise<DecodedImage> {
  const file = openImage(bytes, maxPixels);
  const { data, info } = await file
    .rotate()
    .resize(within.side, within.side, { fit: within.fit, withoutEnlargement: true })
    .flatten({ background: '#808080' })
    .toColourspace('srgb')
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const { width, height } = info;
  const image = { data: new Uint8Array(data.buffer, data.byteOffset, data.length), width, height };
  if (limitedSide(info, within.fit) < within.side) return { width, height, image };
  const { autoOrient } = await file.metadata();
  return { width: autoOrient.width, height: autoOrient.height, image };
}

/** Versions of the libraries that decode images. */
export const libraryVersions = (): Record<string, string> => ({
  sharp: sharp.versions.sharp ?? 'unknown',
  libvips: sharp.versions.vips,
});
