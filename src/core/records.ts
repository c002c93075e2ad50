import { z } from 'zod';

/** What the program says of one image (design: Decisions). */
export const decisionNames = ['keep', 'hard', 'review', 'drop', 'relabel', 'duplicate'] as const;
export const decisionSchema = z.enum(decisionNames);
export type DecisionName = z.infer<typeof decisionSchema>;

/**
 * What a person says of one image: `review` is not an answer. `wrong-face` says which face to judge, and leaves the decision
 * to the next sift.
 */
export const verdictNames = ['keep', 'hard', 'drop', 'relabel', 'duplicate', 'wrong-face'] as const;
export const verdictSchema = z.enum(verdictNames);
export type VerdictName = z.infer<typeof verdictSchema>;

/** What a person says of a name as a whole. */
export const identityVerdictNames = ['several-people'] as const;
export const identityVerdictSchema = z.object({
  identity: z.string(),
  verdict: z.enum(identityVerdictNames),
  reviewer: z.string(),
  givenAt: z.string(),
});
export type IdentityVerdict = z.infer<typeof identityVerdictSchema>;

/** How many images have each decision; 0 for those that none has. */
export function countDecisions(decisions: Iterable<DecisionName>): Record<DecisionName, number> {
  const counts: Record<DecisionName, number> = { keep: 0, hard: 0, review: 0, drop: 0, relabel: 0, duplicate: 0 };
  for (const decision of decisions) counts[decision]++;
  return counts;
}

/** True for the two decisions that call an image's label wrong. */
export const saysNoise = (decision: DecisionName): boolean => decision === 'drop' || decision === 'relabel';

/** What ingest made of something in a source. Only the first two have a crop. */
export type ImageState =
  | 'ok'
  /** No face was found: the middle of the image stands in for it. */
  | 'no-face'
  | 'unreadable'
  | 'skipped';

/** An ingested file. `slot` is its place in the crop file; null when it is not used (`error` says why). */
export interface ImageRow {
  id: number;
  path: string;
  identity: string;
  sha256: string | null;
  width: number | null;
  height: number | null;
  dhash: string | null;
  slot: number | null;
  error: string | null;
  state: ImageState;
  /** Part of the set, or of the reference set that it must not overlap. */
  role: 'set' | 'reference';
  /** Where its bytes lie, as JSON; null when its source can only be read through. */
  place: string | null;
}

/** What a crop looks like, and the face it was cut round; angles in degrees. */
export interface CropFacts {
  /** Variance of the Laplacian: low = blurred. */
  sharpness: number;
  brightness: number; // mean grey level, 0..255
  contrast: number; // standard deviation of grey levels
  face?: FaceFacts;
}

export interface FaceFacts {
  left: number;
  top: number;
  width: number;
  height: number;
  /** The detector's score, [0, 1]. */
  score: number;
  roll: number;
  yaw: number;
}

/** One crop of an image; an image with several faces has several. */
export interface CropRow {
  slot: number;
  /** Id of the image. */
  image: number;
  /** 0 = the likeliest subject. */
  face: number;
  facts: CropFacts;
  /** CRC-32C of its bytes in the crop file. */
  crc: number;
}

/** An image that could be read. */
export type CroppedImage = ImageRow & { slot: number; sha256: string; dhash: string };

/**
 * Evidence on one image; null = not known. Names carry the direction: `higherIsCleaner` or `higherIsNoisier` in the
 * signal's own file. Cosines in [-1, 1].
 */
export interface Evidence {
  /** Cosine to the centre of the identity's other images, where images of one person vary alike in all directions. */
  cosOwn: number | null;
  cosDominant: number | null;
  cosAssigned: number | null;
  subcenter: number | null;
  dominantSubcenter: number | null;
  /** Share of the identity's votes that its dominant sub-centre got, (0, 1]. */
  dominantShare: number | null;
  /** False on a tie or below half of the votes. */
  hasDominant: boolean;
  /** Share of the neighbours, weighted, that carry the same identity, [0, 1]. */
  neighbourAgreement: number | null;
  /** The other identity whose centre is nearest, in the same space as `cosOwn`, and its cosine. */
  rivalIdentity: string | null;
  rivalCos: number | null;
  /** Share of the neighbours that carry the rival identity, [0, 1]. */
  rivalAgreement: number | null;
  /** Mean over epochs of own minus best other cosine while training (AUM). */
  trainingMargin: number | null;
  /** Length of image + mirror embedding before normalisation, relative to the set's median. */
  quality: number | null;
  /** Faces found in the image, and which of them this is about (0 = the likeliest subject); absent without detection. */
  faces?: number;
  face?: number;
  /** Another of its faces that may as well be the one that the name means; absent where the choice is plain. */
  otherFace?: number;
  /** A person chose the face. */
  faceChosen?: boolean;
  /**
   * The same photograph elsewhere: the one that stays of its own identity, and the first image under each other identity,
   * five of those at most.
   */
  sameAs?: SameAs[];
}

/** An image, and whose it is said to be. */
export interface SameAs {
  path: string;
  identity: string;
}

/** One decision with its reason; `pNoise` in [0, 1], 1 = certainly noise. */
export interface Decision {
  path: string;
  decision: DecisionName;
  reason: string;
  suggestedIdentity: string | null;
  pNoise: number | null;
  evidence: Evidence;
}

/** Kinds of noise that an injected or drawn set knows of. */
export const noiseSchema = z.enum(['none', 'open', 'closed', 'nonface']);
export type NoiseKind = z.infer<typeof noiseSchema>;

export const truthRowSchema = z.object({ path: z.string().min(1), noise: noiseSchema, true_identity: z.string() });
export type TruthRow = z.infer<typeof truthRowSchema>;
