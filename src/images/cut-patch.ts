import type { Sharp } from 'sharp';
import { openImage } from './open-image.js';
import { UndecodableError, whyNotTried, whyUndecodable } from './why-undecodable.js';

/** A square of an image, in shares of its width and height. */
export interface PatchPlace {
  left: number;
  top: number;
  /** Of the shorter side. */
  side: number;
}

/** JPEG of a square cut from an image and enlarged to the image's own size. @throws UndecodableError when it is no image */
export async function cutPatch(bytes: Uint8Array, place: PatchPlace, maxPixels: number): Promise<Buffer> {
  try {
    return await patchOf(bytes, place, maxPixels);
  } catch (error) {
    throw new UndecodableError(whyNotTried(bytes) ?? (await whyUndecodable(bytes, maxPixels, error)), { cause: error });
  }
}

async function patchOf(bytes: Uint8Array, place: PatchPlace, maxPixels: number): Promise<Buffer> {
  const open = (): Sharp => openImage(bytes, maxPixels).rotate();
  const { width, height } = (await open().metadata()).autoOrient;
  const side = Math.max(1, Math.round(place.side * Math.min(width, height)));
  const inside = (share: number, length: number): number => Math.min(length - side, Math.round(share * length));
  return open()
    .extract({ left: inside(place.left, width), top: inside(place.top, height), width: side, height: side })
    .resize(width, height, { fit: 'fill' })
    .flatten({ background: '#808080' })
    .jpeg({ quality: 90 })
    .toBuffer();
}
