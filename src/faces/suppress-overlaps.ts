import { type Box, type Detection, heightOf, widthOf } from './face.js';

/** Overlap (intersection over union) from which two boxes are one face: what the detector's authors ship it with. */
const MOST = 0.4;

/**
 * Of boxes that overlap by more than that the one with the best score stays, best first; of equal scores the earlier.
 * @param edge pixels that a box is wider than right - left, and as much higher: 1 where right and bottom belong to it
 */
export function suppressOverlaps(boxes: readonly Detection[], edge = 0): Detection[] {
  const kept: Detection[] = [];
  for (const box of [...boxes].sort((a, b) => b.score - a.score))
    if (kept.every((better) => overlap(better, box, edge) <= MOST)) kept.push(box);
  return kept;
}

function overlap(a: Box, b: Box, edge: number): number {
  const width = Math.min(a.right, b.right) - Math.max(a.left, b.left) + edge;
  const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) + edge;
  if (width <= 0 || height <= 0) return 0;
  const shared = width * height;
  const areaOf = (box: Box): number => (widthOf(box) + edge) * (heightOf(box) + edge);
  return shared / (areaOf(a) + areaOf(b) - shared);
}
