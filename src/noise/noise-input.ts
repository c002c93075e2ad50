import {
  type Features,
  type Labels,
  namedLabels,
  requireOnePerImage,
  unitFeatures,
} from '../core/labelled-features.js';
import type { ListOf } from '../core/image-table.js';
import { inSpace, type MatrixIn } from '../core/spaces.js';
import { apart, type NearDuplicates } from '../duplicates/near-duplicates.js';
import type { MarkedImage } from '../duplicates/within-identity.js';
import type { LabelProposals } from '../identities/label-proposals.js';
import type { FoundNeighbours } from '../index/find-neighbours.js';
import type { FaceInImage, SubcenterEvidence } from './evidence.js';
import { NoiseOptionError } from './noise-options.js';
import { type RuleName, rules } from './rules.js';

/** What {@link detectNoise} is told of a set. Only features and labels are required. */
export interface NoiseInput {
  /** (N, D): one row per image. Rows need not be of unit length. */
  features: Features;
  /** (N): the identity that each image is labelled as. */
  labels: Labels;
  /** (C): the name of each class; required where `labels` are numbers. */
  identities?: readonly string[];
  /** `frozen` (default): the network never saw these labels. `trained`: it was trained on them. */
  space?: 'frozen' | 'trained';
  /** (N): what each image is called in decisions and reasons; row numbers unless given. */
  paths?: readonly string[];
  /** Nearest images of each image where they were searched already; searched unless given. */
  neighbours?: FoundNeighbours;
  /** Images that show the same photograph (see findDuplicates); none unless given. */
  copies?: NearDuplicates;
  /** (N): hash and size of each image's file, which say how copies differ. */
  files?: ListOf<Omit<MarkedImage, 'path' | 'identity'>>;
  /** Whether an image says nothing of whom its name means: a copy of an earlier one, or one without a face. */
  isExcluded?: (image: number) => boolean;
  /** (N), [0, 1]: the face detector's score, 0 where it found no face; absent where none was looked for. */
  faceScores?: Float32Array;
  /** (N): which of the image's faces the features are of; absent where none was looked for. */
  faces?: readonly FaceInImage[];
  /** (N), above 0: lengths of the embeddings before they were brought to unit length; taken from `features` where those are not. */
  quality?: Float32Array;
  /** (N): mean own minus best other cosine while training (AUM), NaN where there is none. */
  margins?: Float32Array;
  /** (N): the label that the network was trained with where that was a wrong one on purpose, -1 elsewhere (see `train.planted`). */
  planted?: Int32Array;
  /** Where each image lies among the sub-centres of its class; the rules on sub-centres need it. */
  subcenters?: SubcenterEvidence;
  /** Marks the proposals that a person answered: those change no decision. */
  answer?: (proposals: LabelProposals) => LabelProposals;
}

/** A {@link NoiseInput} that has been checked, with everything that can be absent filled in. */
export interface NoiseSet {
  features: MatrixIn<'frozen'> | MatrixIn<'trained'>;
  labels: Int32Array;
  identities: readonly string[];
  /** (N), made when they are asked for: few are. */
  images: ListOf<MarkedImage>;
  copies: NearDuplicates;
  isExcluded: (image: number) => boolean;
  faceScores: Float32Array | null;
  faces: readonly FaceInImage[] | null;
  quality: Float32Array | null;
  margins: Float32Array | null;
  planted: Int32Array | null;
  subcenters: SubcenterEvidence | null;
  answer: (proposals: LabelProposals) => LabelProposals;
}

/**
 * @throws FeatureError if counts differ, a number is not finite, or a row of the features is all zeros
 * @throws NoiseOptionError if `rule` needs sub-centres and there are none
 */
export function noiseSet(input: NoiseInput, rule: RuleName): NoiseSet {
  if (rules[rule].needsSubcenters && !input.subcenters)
    throw new NoiseOptionError(`The rule "${rule}" reads sub-centres, and none were given.`, [
      'Use the rule "calibrated", which needs features and labels alone.',
    ]);
  const { matrix, lengths } = unitFeatures(input.features);
  const { labels, identities } = namedLabels(input.labels, matrix.rows, input.identities);
  for (const name of ['paths', 'files', 'faceScores', 'faces', 'quality', 'margins', 'planted'] as const)
    requireOnePerImage(name, input[name], matrix.rows);
  requireOnePerImage('copies', input.copies?.copyGroups, matrix.rows);
  const imageAt = (i: number): MarkedImage => {
    const { sha256, width, height } = input.files?.at(i) ?? {};
    return { sha256, width, height, path: input.paths?.[i] ?? String(i), identity: identities[labels[i]] };
  };
  return {
    features: input.space === 'trained' ? inSpace('trained', matrix) : inSpace('frozen', matrix),
    labels,
    identities,
    images: { length: labels.length, at: imageAt },
    copies: input.copies ?? apart(matrix.rows),
    isExcluded: input.isExcluded ?? (() => false),
    faceScores: input.faceScores ?? null,
    faces: input.faces ?? null,
    quality: input.quality ?? lengths,
    margins: input.margins ?? null,
    planted: input.planted ?? null,
    subcenters: input.subcenters ?? null,
    answer: input.answer ?? ((proposals) => proposals),
  };
}
