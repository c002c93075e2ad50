import { type Box, type Detection, heightOf, widthOf } from './face.js';

/** Overlap (intersection over union) from which two boxes are one face: what the detector's authors ship it with. */
const MOST = 0.4;

/** Of boxes that overlap by more than that the one with the best score stays. */
export function suppressOverlaps(boxes: readonly Detection[]): Detection[] {
  const kept: Detection[] = [];
  for (const box of [...boxes].sort((a, b) => b.score - a.score))
    if (kept.every((better) => overlap(better, box) <= MOST)) kept.push(box);
  return kept;
}

function overlap(a: Box, b: Box): number {
  const width = Math.min(a.right, b.right) - Math.max(a.left, b.left);
  const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
  if (width <= 0 || height <= 0) return 0;
  const shared = width * height;
  return shared / (widthOf(a) * heightOf(a) + widthOf(b) * heightOf(b) - shared);
}
