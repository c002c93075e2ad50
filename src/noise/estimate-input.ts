import type { Matrix } from '../core/vectors.js';
import type { IndexSettings } from '../index/neighbour-index.js';

/** What is weighed. */
export interface CalibrationInput {
  vectors: Matrix; // (N, D) unit rows: what the images look like; overwritten
  labels: Int32Array; // (N), several names of one person as one
  identities: number;
  /** Share of the nearest images that carry the label, (N), null for an identity's only image. */
  agreement: readonly (number | null)[];
  copyGroups: Int32Array;
  /** The same, of images that stand for the same face of the photograph. */
  faceGroups: Int32Array;
  /** How much was seen in each image, (N), above 0: the length of its embedding. */
  quality: Float32Array;
  /** Row numbers of the images that each name means at first glance; null where that is not known. */
  cores: readonly (readonly number[] | null)[];
  /** The detector's score of each image's face, (N), [0, 1], 0 where it found none; null where none was looked for. */
  faceScores: Float32Array | null;
  /** Mean training margins, (N), NaN where there is none; null when no label had a say in `vectors`. */
  margins: Float32Array | null;
  seed: number;
  /** How rivals are searched when there are many identities. */
  settings: IndexSettings;
}
