import { type Decision, saysNoise } from '../core/records.js';

/**
 * Length of the embedding, relative to the set's median, below which the judged one of several faces shows too little to drop
 * its image. Chosen by looking at photographs of LFW with a pasted face (bench/decoys.js): where the right face was called
 * noise it wore sunglasses or was blurred, and had at most .83; of 54 photographs of strangers 8 have less.
 */
const POOR = 0.85;
/**
 * p_noise from which such a face says enough after all. p_noise knows how little it shows, but not that of two faces the wrong one
 * may have been selected. Chosen by looking at two sets: of 621 right subjects beside a decoy 8 are dropped without this rule, all
 * half hidden or blurred, 7 of them with less than .91, and all but 3 of 88 strangers have more. At .9, 7 of 962 wrong images of LFW
 * with 40 % noise go to review, at .8 none, at .97, which it was before, 15 and more.
 */
const PLAIN = 0.8;

/**
 * Sends images to review whose judged face is doubtful: one of several that may as well be meant, or one of several that shows
 * too little to drop or rename its image by. What a person chose is not asked again.
 */
export function doubtFaceChoice(decision: Decision, identity: string): Decision {
  const doubt = doubtOf(decision, identity);
  return doubt === undefined
    ? decision
    : { ...decision, decision: 'review', reason: `uncertain: ${doubt}; ${decision.reason}` };
}

function doubtOf({ decision, evidence, pNoise }: Decision, identity: string): string | undefined {
  const { faces = 0, face = 0, otherFace, quality, cosOwn, faceChosen } = evidence;
  if (faces < 2 || faceChosen) return undefined;
  if (saysNoise(decision))
    return quality !== null && quality < POOR && (pNoise ?? 1) < PLAIN
      ? `face ${face + 1} of ${faces} was judged, and shows too little to say more`
      : undefined;
  if (otherFace === undefined || decision === 'review') return undefined;
  return cosOwn === null
    ? `it has ${faces} faces, and no other image tells which of them is ${identity}`
    : `faces ${face + 1} and ${otherFace + 1} of ${faces} come again in the images of ${identity} about as much`;
}
