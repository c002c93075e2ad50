import type { IndexSettings } from '../index/neighbour-index.js';

/** What p_noise is estimated from, besides the features. */
export interface EstimateInput {
  /** Class of each image, (N), 0 to C - 1; several names of one person as one class. */
  labels: Int32Array;
  /** C, the number of classes. */
  identities: number;
  /** Share of the nearest images that carry the label, (N), [0, 1]; null for the only image of a class. */
  agreement: readonly (number | null)[];
  /** (N): images with the same number show the same photograph. */
  copyGroups: Int32Array;
  /** (N): images with the same number show the same face of the same photograph. */
  faceGroups: Int32Array;
  /** Length of each embedding before it was brought to unit length, (N), above 0; null where it is not known. */
  quality: Float32Array | null;
  /** Row numbers of the main cluster of each class; null where no two images of the class are alike. */
  prototypes: readonly (readonly number[] | null)[];
  /** (N): images of a second person under a name, whom somebody is asked about as a group. */
  isAside: readonly boolean[];
  /** The face detector's score of each image, (N), [0, 1], 0 where it found no face; null where none was looked for. */
  faceScores: Float32Array | null;
  /** Mean training margins, (N), NaN where there is none; null when the network was not trained on these labels. */
  margins: Float32Array | null;
  /** Class that training saw an image under where a wrong label was planted, (N), -1 elsewhere; null where none was. */
  planted: Int32Array | null;
  seed: number;
  /** How the nearest other class is searched when there are many classes. */
  search: IndexSettings;
}
