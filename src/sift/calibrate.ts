import { calibrateFrozen } from './calibrate-frozen.js';
import { calibrateTrained } from './calibrate-trained.js';
import type { Calibration } from './calibration.js';
import type { CalibrationInput } from './calibration-input.js';

/** Identities from which an image has a rival even when its own person is another one's: below, no noise's shape is known. */
const LEAST_IDENTITIES = 3;

/**
 * p_noise of each image, estimated on the set itself: each is set against the centre of its identity's other images and
 * against the best other identity, in the space where images of one person vary alike in all directions.
 * `input.vectors` are brought into that space where they lie. @throws InterruptedError
 */
export const calibrate = (input: CalibrationInput, signal?: AbortSignal): Promise<Calibration> =>
  input.margins === null && new Set(input.labels).size >= LEAST_IDENTITIES
    ? calibrateFrozen(input, signal)
    : calibrateTrained(input, signal);
