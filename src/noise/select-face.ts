import { dotRows, type Matrix } from '../core/vectors.js';
import { median } from '../core/statistics.js';
import type { CroppedImage } from '../core/records.js';
import type { DatasetOf } from '../core/face-set.js';
import type { FaceInImage } from './evidence.js';

/** The face of an image that its features are taken from. */
export interface SelectedFace extends FaceInImage {
  /** Slot of its crop. */
  slot: number;
}

type FacedImage = Pick<CroppedImage, 'id' | 'slot' | 'state'>;

/** Other images of the class that are compared: enough to outvote chance, few enough for classes of thousands. */
const COMPARED_MEMBERS = 64;

/**
 * Share of the best face's votes, or of those that selected faces usually have where that is less, from which a second face of
 * the image is as likely. Chosen by looking at photographs of LFW with a pasted face (bench/decoys.js): of the best face's
 * votes a stranger has at most .51 where the class has 12 images, and one who is in all photographs of the name .62 and more.
 */
const AS_LIKELY = 0.75;

/**
 * Length of an embedding, relative to the set's median, below which next to nothing of a face was seen, such as a patch that the
 * detector took for one: of clean images fewer than one in a hundred have less (bench/decoys.js).
 */
const HARDLY_SEEN = 0.55;
/**
 * What such a face must have to be selected before a clear one, since the right face may be blurred: so many times the votes of
 * the best clear face, and this share of the votes that selected faces usually have. Patches have a tenth.
 */
const CLEAR_WIN = { times: 2, share: 0.3 };

/**
 * Selects in each image the face that recurs in the other images of its class: the person whom a class is about is in all of
 * them, and bystanders change. A face that a person chose is taken, and is the only one of its image that is compared. Where
 * a second face recurs nearly as much, or nothing is there to compare with, that face is named: nobody knows which is meant.
 * Sub-centres are no help here: training saw the likeliest subjects, and where many of those are bystanders, the dominant
 * sub-centre is one too (docs/benchmarks.md).
 *
 * @param crops (slots, D) unit rows
 * @param lengths of the embeddings before they were brought to unit length, (slots)
 * @returns (N), in the order of the images
 */
export function selectFaces(
  { images, labels, faces, chosen }: Pick<DatasetOf<Iterable<FacedImage>>, 'images' | 'labels' | 'faces' | 'chosen'>,
  crops: Matrix,
  lengths: ArrayLike<number>,
): SelectedFace[] {
  const enough = HARDLY_SEEN * median(Array.from(images, ({ slot }) => lengths[slot]));
  const slotsOf = ({ id, slot }: FacedImage): readonly number[] => faces.get(id) ?? [slot];
  const compared = Array.from(images, (image) => {
    const [slots, face] = [slotsOf(image), chosen.get(image.id)];
    return face === undefined ? slots : [slots[face]];
  });
  const members = new Map<number, number[]>();
  labels.forEach((label, i) => {
    const others = members.get(label);
    if (others) others.push(i);
    else members.set(label, [i]);
  });
  const voted = Array.from(images, (image, i) => {
    if (slotsOf(image).length === 1 || chosen.has(image.id)) return undefined;
    const others = spread(members.get(labels[i])!, COMPARED_MEMBERS).filter((other) => other !== i);
    return slotsOf(image).map((slot) =>
      meanOf(others, (other) => Math.max(0, bestCosine(crops, slot, compared[other]))),
    );
  });
  const usual = median(voted.flatMap((votes) => (votes ? [Math.max(...votes)] : [])));
  return Array.from(images, (image, i): SelectedFace => {
    const [slots, votes, byPerson] = [slotsOf(image), voted[i], chosen.get(image.id)];
    if (byPerson !== undefined && slots.length > 1)
      return { slot: slots[byPerson], face: byPerson, faces: slots.length, chosen: true };
    if (votes === undefined) return { slot: image.slot, face: 0, faces: image.state === 'no-face' ? 0 : 1 };
    const face = mostVotes(votes, (one) => lengths[slots[one]] >= enough, usual);
    const likely = AS_LIKELY * Math.min(votes[face], usual);
    const isSame = (other: number): boolean =>
      bestCosine(crops, slots[face], [slots[other]]) >= AS_LIKELY * votes[face];
    const otherFace = asLikelyAs(face, votes, likely, (other) => votes[face] > 0 && isSame(other));
    return { slot: slots[face], face, faces: slots.length, ...(otherFace !== undefined && { otherFace }) };
  });
}

/** The face with the most votes; one of which hardly anything was seen gives way to a clear one. @param usual votes of the best */
function mostVotes(votes: readonly number[], isClear: (face: number) => boolean, usual: number): number {
  const most = (faces: readonly number[]): number =>
    faces.reduce((best, face) => (votes[face] > votes[best] ? face : best));
  const [best, clear] = [most([...votes.keys()]), [...votes.keys()].filter(isClear)];
  if (isClear(best) || clear.length === 0) return best;
  const isPlain = votes[best] >= CLEAR_WIN.times * votes[most(clear)] && votes[best] >= CLEAR_WIN.share * usual;
  return isPlain ? best : most(clear);
}

/**
 * The second face by votes if it may as well be meant.
 * @param likely votes from which it may
 * @param isSame whether a face shows the same person, as in a collage
 */
function asLikelyAs(
  face: number,
  votes: readonly number[],
  likely: number,
  isSame: (other: number) => boolean,
): number | undefined {
  const others = [...votes.keys()].filter((other) => other !== face && !isSame(other));
  const second = others.reduce((best, other) => (votes[other] > votes[best] ? other : best), others[0]);
  return second !== undefined && votes[second] >= likely ? second : undefined;
}

const meanOf = (items: readonly number[], value: (item: number) => number): number =>
  items.length === 0 ? 0 : items.reduce((sum, item) => sum + value(item), 0) / items.length;

/** Best cosine of the face in `slot` to one of `others`. */
function bestCosine(crops: Matrix, slot: number, others: readonly number[]): number {
  const cosines = others.map((other) => dotRows(crops, slot, crops, other));
  return Math.max(...cosines);
}

/** At most `most` of `items`, evenly. */
const spread = (items: readonly number[], most: number): readonly number[] =>
  items.length <= most ? items : Array.from({ length: most }, (_, i) => items[Math.floor((i * items.length) / most)]);
