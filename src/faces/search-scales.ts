import type { RgbImage } from '../images/encode.js';
import type { Detector } from './detector.js';
import { type Box, type Detection, heightOf } from './face.js';
import { suppressOverlaps } from './suppress-overlaps.js';

/** Pixels of the image a tile at the finest scale covers: there, a face of 40 pixels fills a twelfth of the view. */
const FINEST = { width: 640, height: 480 };
/** How much of its neighbour a tile shares: no face of up to a third of a tile is cut by every tile. */
const SHARED = 1 / 3;

/**
 * Looks at the whole image first, then at tiles of half the size, and so on, until faces are found: the detector sees
 * 320 x 240 pixels, and a small face in a large photograph is nothing there.
 */
export async function searchScales(detector: Detector, image: RgbImage): Promise<Detection[]> {
  for (const tiles of scales(image)) {
    const found: Detection[] = [];
    for (const tile of tiles) found.push(...(await detector.detect(image, tile)));
    if (found.some(({ faint }) => !faint)) return withoutPatches(suppressOverlaps(found));
  }
  return [];
}

/** Share of the largest face's height that a faint candidate has at least: what is smaller is often no face. */
const AS_LARGE = 0.5;

/** Of faint candidates only those stay that are about as large as a face, and are no part of one. */
function withoutPatches(boxes: readonly Detection[]): Detection[] {
  const faces = boxes.filter(({ faint }) => !faint);
  const least = AS_LARGE * Math.max(...faces.map(heightOf));
  const touches = (box: Box, face: Box): boolean =>
    box.left < face.right && face.left < box.right && box.top < face.bottom && face.top < box.bottom;
  return boxes.filter((box) => !box.faint || (heightOf(box) >= least && !faces.some((face) => touches(box, face))));
}

/** Tiles of each scale, coarse to fine. */
function* scales({ width, height }: RgbImage): Generator<Box[]> {
  for (let parts = 1; ; parts *= 2) {
    const tile = { width: Math.ceil(width / parts), height: Math.ceil(height / parts) };
    if (parts > 1 && tile.width * 2 <= FINEST.width && tile.height * 2 <= FINEST.height) return;
    yield starts(width, tile.width).flatMap((left) =>
      starts(height, tile.height).map((top) => ({
        left,
        top,
        right: Math.min(width, left + tile.width),
        bottom: Math.min(height, top + tile.height),
      })),
    );
  }
}

/** Where tiles of `side` begin so that they cover `length` and overlap. */
function starts(length: number, side: number): number[] {
  if (side >= length) return [0];
  const count = Math.ceil((length - side) / (side * (1 - SHARED))) + 1;
  return Array.from({ length: count }, (_, i) => Math.round((i * (length - side)) / (count - 1)));
}
