import { defaults } from '../core/config.js';
import type { DecidedImage } from '../core/decided-image.js';
import { sha256 } from '../core/fingerprint.js';
import { throwIfInterrupted } from '../core/interrupt.js';
import { readPlace } from '../formats/dataset/read-place.js';
import type { Place } from '../formats/dataset/reader.js';
import { encodeJpeg } from '../images/encode.js';
import { photoOf } from '../images/photo.js';
import type { Report } from '../report/report.js';

/** Pixels of the longer side of a photograph in a report: sharp at the 320 of a card, on most screens. */
const SIDE = 480;
const QUALITY = 78;

/**
 * Small pictures of the photographs whose faces a report draws, by path. Those that lie in an archive that can only be read
 * from start to end, or are not where they were, are left out: the report shows their crops.
 *
 * @throws InterruptedError if `signal` is aborted
 */
export async function reportPhotos(
  { galleries }: Report,
  images: readonly DecidedImage[],
  signal?: AbortSignal,
): Promise<Map<string, Uint8Array>> {
  const wanted = new Set(
    galleries.flatMap((gallery) => gallery.images.flatMap(({ path, photo }) => (photo ? path : []))),
  );
  const photos = new Map<string, Uint8Array>();
  for (const { image } of images) {
    if (!wanted.has(image.path) || image.place === null) continue;
    throwIfInterrupted(signal);
    const photo = await smallPhoto(JSON.parse(image.place) as Place, image.sha256);
    if (photo) photos.set(image.path, photo);
  }
  return photos;
}

async function smallPhoto(place: Place, hash: string): Promise<Uint8Array | undefined> {
  const { maxFileBytes, maxPixels } = defaults.ingest;
  let bytes: Uint8Array;
  try {
    bytes = readPlace(place, maxFileBytes);
  } catch {
    return undefined;
  }
  return sha256(bytes) === hash ? encodeJpeg(await photoOf(bytes, maxPixels, SIDE), QUALITY) : undefined;
}
