import { encodeJpeg } from './encode.js';
import { resample } from './resample.js';

/** Enough of a face for a JPEG of a few kilobytes. */
const QUALITY = 80;

/** JPEG bytes of a crop, (size, size, 3), no larger than `side` pixels a side. */
export function cropThumbnail(crop: Uint8Array, size: number, side: number): Promise<Buffer> {
  if (size <= side) return encodeJpeg({ data: crop, width: size, height: size }, QUALITY);
  const whole = { left: 0, top: 0, right: size, bottom: size };
  const data = resample({ data: crop, width: size, height: size }, whole, side, side);
  return encodeJpeg({ data, width: side, height: side }, QUALITY);
}
