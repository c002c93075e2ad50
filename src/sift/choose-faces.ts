import { dotAt, type Matrix, takeRows } from '../core/vectors.js';
import type { Dataset } from '../store/dataset.js';
import { rowOfSubcenter } from '../subcenter/centres.js';
import { assignSubcenters } from '../subcenter/dominant.js';

/** Which of an image's faces stands for it. */
export interface ChosenFace {
  /** Slot of its crop. */
  slot: number;
  /** Its number in the image, 0 = the likeliest subject; and how many there are. */
  face: number;
  faces: number;
}

/** Rounds of choosing and finding the dominant sub-centres anew: right faces strengthen the right sub-centre. */
const ROUNDS = 3;

/**
 * In each image the face nearest to the dominant sub-centre of the image's identity. Training saw the likeliest
 * subjects; whom an identity is about shows in its dominant sub-centre, and so which face of a group is theirs.
 * @param crops (slots, D) unit rows @param centres (C*K, D) unit rows @returns in the order of the images
 */
export function chooseFaces(
  { images, labels, faces }: Dataset,
  crops: Matrix,
  centres: Matrix,
  subcenters: number,
): ChosenFace[] {
  const { dimensions } = crops;
  let chosen = images.map(({ id, slot, state }): ChosenFace => {
    const found = state === 'no-face' ? 0 : (faces.get(id)?.length ?? 1);
    return { slot, face: 0, faces: found };
  });
  for (let round = 0; round < ROUNDS; round++) {
    const now = takeRows(
      crops,
      chosen.map(({ slot }) => slot),
    );
    const { dominants } = assignSubcenters(now, centres, labels, subcenters);
    const next = chosen.map((choice, i) => {
      const slots = faces.get(images[i].id);
      if (!slots) return choice;
      const row = rowOfSubcenter(labels[i], dominants[labels[i]].subcenter, subcenters) * dimensions;
      const cosines = slots.map((slot) => dotAt(crops.data, slot * dimensions, centres.data, row, dimensions));
      const face = cosines.indexOf(Math.max(...cosines));
      return { ...choice, slot: slots[face], face };
    });
    const settled = next.every(({ face }, i) => face === chosen[i].face);
    chosen = next;
    if (settled) break;
  }
  return chosen;
}
