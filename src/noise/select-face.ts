import { dotAt, type Matrix } from '../core/vectors.js';
import type { CroppedImage } from '../core/records.js';
import type { Dataset } from '../core/face-set.js';

/** Which of an image's faces stands for it. */
export interface ChosenFace {
  /** Slot of its crop. */
  slot: number;
  /** Its number in the image, 0 = the likeliest subject; and how many there are. */
  face: number;
  faces: number;
}

/** Other images of the identity that are asked: enough to outvote chance, few enough for identities of thousands. */
const WITNESSES = 64;

/**
 * In each image the face that comes again in the identity's other images: whoever an identity is about is in all of
 * them, and bystanders change. Sub-centres cannot be asked yet: training saw the likeliest subjects, and where many of
 * those are bystanders, the dominant sub-centre is too (docs/benchmarks.md). The dominant sub-centre is found anew with
 * the chosen faces. @param crops (slots, D) unit rows @returns in the order of the images
 */
export function chooseFaces({ images, labels, faces }: Dataset, crops: Matrix): ChosenFace[] {
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
    const witnesses = spread(members.get(labels[i])!, WITNESSES).filter((other) => other !== i);
    const votes = slots.map((slot) =>
      witnesses.reduce((sum, other) => sum + Math.max(0, bestCosine(crops, slot, slotsOf(images[other]))), 0),
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
