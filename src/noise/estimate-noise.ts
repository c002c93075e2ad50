import { calibrateFrozen } from './estimate-frozen.js';
import { calibrateTrained } from './estimate-trained.js';
import type { Calibration } from './noise-estimate.js';
import type { CalibrationInput } from './estimate-input.js';
import { weightOfOthers } from './class-means.js';

/** Identities from which an image has a rival even when its own person is another one's: below, no noise's shape is known. */
const LEAST_IDENTITIES = 3;

/**
 * p_noise of each image, estimated on the set itself: each is set against the centre of its identity's other images and
 * against the best other identity, in the space where images of one person vary alike in all directions.
 * `input.vectors` are brought into that space where they lie. @throws InterruptedError
 */
export const calibrate = (input: CalibrationInput, signal?: AbortSignal): Promise<Calibration> =>
  input.margins === null && comparableIdentities(input) >= LEAST_IDENTITIES
    ? calibrateFrozen(input, signal)
    : calibrateTrained(input, signal);

/** Identities of two photographs and more. */
function comparableIdentities({ labels, copyGroups }: CalibrationInput): number {
  const others = weightOfOthers(labels, new Float64Array(labels.length).fill(1), copyGroups);
  return new Set(labels.filter((_, i) => others[i] > 0.5)).size;
}
