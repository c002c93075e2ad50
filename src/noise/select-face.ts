import { dotAt, type Matrix } from '../core/vectors.js';
import type { CroppedImage } from '../core/records.js';
import type { Dataset } from '../core/face-set.js';
import type { FaceInImage } from './evidence.js';

/** The face of an image that its features are taken from. */
export interface SelectedFace extends FaceInImage {
  /** Slot of its crop. */
  slot: number;
}

/** Other images of the class that are compared: enough to outvote chance, few enough for classes of thousands. */
const COMPARED_MEMBERS = 64;

/**
 * Selects in each image the face that recurs in the other images of its class: the person whom a class is about is in all of
 * them, and bystanders change. Sub-centres are no help here: training saw the likeliest subjects, and where many of those
 * are bystanders, the dominant sub-centre is one too (docs/benchmarks.md).
 *
 * @param crops (slots, D) unit rows
 * @returns (N), in the order of the images
 */
export function selectFaces({ images, labels, faces }: Dataset, crops: Matrix): SelectedFace[] {
  const slotsOf = ({ id, slot }: CroppedImage): readonly number[] => faces.get(id) ?? [slot];
  const members = new Map<number, number[]>();
  labels.forEach((label, i) => {
    const others = members.get(label);
    if (others) others.push(i);
    else members.set(label, [i]);
  });
  return images.map((image, i) => {
    const slots = slotsOf(image);
    if (slots.length === 1) return { slot: image.slot, face: 0, faces: image.state === 'no-face' ? 0 : 1 };
    const others = spread(members.get(labels[i])!, COMPARED_MEMBERS).filter((other) => other !== i);
    const votes = slots.map((slot) =>
      others.reduce((sum, other) => sum + Math.max(0, bestCosine(crops, slot, slotsOf(images[other]))), 0),
    );
    const face = votes.indexOf(Math.max(...votes));
    return { slot: slots[face], face, faces: slots.length };
  });
}

/** Best cosine of the face in `slot` to one of `others`. */
function bestCosine({ data, dimensions }: Matrix, slot: number, others: readonly number[]): number {
  const cosines = others.map((other) => dotAt(data, slot * dimensions, data, other * dimensions, dimensions));
  return Math.max(...cosines);
}

/** At most `most` of `items`, evenly. */
const spread = (items: readonly number[], most: number): readonly number[] =>
  items.length <= most ? items : Array.from({ length: most }, (_, i) => items[Math.floor((i * items.length) / most)]);
