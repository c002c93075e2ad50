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
 * Share of the best face's votes from which a second face of the image is as likely. Chosen by looking at photographs of LFW
 * with a pasted face (bench/decoys.js): a stranger's has at most .46 where the class has 12 images, one who is in two of
 * three photographs .83, and one who is in all of them 1.
 */
const AS_LIKELY = 0.75;

/**
 * Selects in each image the face that recurs in the other images of its class: the person whom a class is about is in all of
 * them, and bystanders change. A face that a person chose is taken, and is the only one of its image that is compared. Where
 * a second face recurs nearly as much, or nothing is there to compare with, that face is named: nobody knows which is meant.
 * Sub-centres are no help here: training saw the likeliest subjects, and where many of those are bystanders, the dominant
 * sub-centre is one too (docs/benchmarks.md).
 *
 * @param crops (slots, D) unit rows
 * @returns (N), in the order of the images
 */
export function selectFaces({ images, labels, faces, chosen }: Dataset, crops: Matrix): SelectedFace[] {
  const slotsOf = ({ id, slot }: CroppedImage): readonly number[] => faces.get(id) ?? [slot];
  const compared = images.map((image) => {
    const [slots, face] = [slotsOf(image), chosen.get(image.id)];
    return face === undefined ? slots : [slots[face]];
  });
  const members = new Map<number, number[]>();
  labels.forEach((label, i) => {
    const others = members.get(label);
    if (others) others.push(i);
    else members.set(label, [i]);
  });
  return images.map((image, i) => {
    const slots = slotsOf(image);
    if (slots.length === 1) return { slot: image.slot, face: 0, faces: image.state === 'no-face' ? 0 : 1 };
    const byPerson = chosen.get(image.id);
    if (byPerson !== undefined) return { slot: slots[byPerson], face: byPerson, faces: slots.length, chosen: true };
    const others = spread(members.get(labels[i])!, COMPARED_MEMBERS).filter((other) => other !== i);
    const votes = slots.map((slot) =>
      others.reduce((sum, other) => sum + Math.max(0, bestCosine(crops, slot, compared[other])), 0),
    );
    const face = votes.indexOf(Math.max(...votes));
    const otherFace = asLikelyAs(face, votes, (other) => {
      const alike = bestCosine(crops, slots[face], [slots[other]]);
      return others.length > 0 && alike >= (AS_LIKELY * votes[face]) / others.length;
    });
    return { slot: slots[face], face, faces: slots.length, ...(otherFace !== undefined && { otherFace }) };
  });
}

/** The second face by votes if it may as well be meant. @param isSame whether a face shows the same person, as in a collage */
function asLikelyAs(face: number, votes: readonly number[], isSame: (other: number) => boolean): number | undefined {
  const others = [...votes.keys()].filter((other) => other !== face && !isSame(other));
  const second = others.reduce((best, other) => (votes[other] > votes[best] ? other : best), others[0]);
  return second !== undefined && votes[second] >= AS_LIKELY * votes[face] ? second : undefined;
}

/** Best cosine of the face in `slot` to one of `others`. */
function bestCosine({ data, dimensions }: Matrix, slot: number, others: readonly number[]): number {
  const cosines = others.map((other) => dotAt(data, slot * dimensions, data, other * dimensions, dimensions));
  return Math.max(...cosines);
}

/** At most `most` of `items`, evenly. */
const spread = (items: readonly number[], most: number): readonly number[] =>
  items.length <= most ? items : Array.from({ length: most }, (_, i) => items[Math.floor((i * items.length) / most)]);
