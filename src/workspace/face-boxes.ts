import { z } from 'zod';
import type { CropFacts, FaceFacts } from '../core/records.js';
import type { Workspace } from './workspace.js';

/** Where a face lies in its image, in pixels of the file. */
export type FaceBox = Pick<FaceFacts, 'left' | 'top' | 'width' | 'height'>;

const boxSchema = z.object({ left: z.number(), top: z.number(), width: z.number(), height: z.number() });

/** Boxes of the faces that were found in the image `path`, the likeliest subject first; none where none were looked for. */
export function facesOfImage(workspace: Workspace, path: string): FaceBox[] {
  const facts = workspace.database
    .prepare('SELECT facts FROM crops JOIN images ON images.id = crops.image WHERE path = ? ORDER BY face')
    .pluck()
    .all(path) as string[];
  return facts.flatMap((json) => (JSON.parse(json) as CropFacts).face ?? []).map((face) => boxSchema.parse(face));
}

/** What is stored of a chosen face: its number may be another after the next ingest, its place is not. */
export const storedBox = (box: FaceBox): string => JSON.stringify(box);

/** Least overlap (intersection over union) from which two boxes are of the same face. */
const SAME_FACE = 0.5;

/** The number, from 0, of the face in `stored` among those that were found last; null when it is none of them. */
export function faceInBox(workspace: Workspace, path: string, stored: string): number | null {
  const box = boxSchema.parse(JSON.parse(stored));
  const overlaps = facesOfImage(workspace, path).map((face) => overlap(face, box));
  const best = overlaps.indexOf(Math.max(...overlaps));
  return best >= 0 && overlaps[best] >= SAME_FACE ? best : null;
}

function overlap(a: FaceBox, b: FaceBox): number {
  const width = Math.min(a.left + a.width, b.left + b.width) - Math.max(a.left, b.left);
  const height = Math.min(a.top + a.height, b.top + b.height) - Math.max(a.top, b.top);
  if (width <= 0 || height <= 0) return 0;
  return (width * height) / (a.width * a.height + b.width * b.height - width * height);
}
