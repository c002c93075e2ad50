import type { Evidence } from '../core/records.js';
import { median } from '../core/statistics.js';
import type { Assignment } from '../subcenter/dominant.js';
import type { NoiseEstimate } from './noise-estimate.js';

/** Where each image lies among the sub-centres of its class, in the trained space. */
export interface SubcenterEvidence {
  assignment: Assignment;
  /** Class of each image as training knew it, (N): row of `assignment.dominants`. */
  classes: Int32Array;
}

/** Which of an image's faces its features are of. */
export interface FaceInImage {
  /** 0 = the likeliest subject. */
  face: number;
  /** Faces found in the image. */
  faces: number;
  /** Another of its faces that may as well be the one that the name means. */
  otherFace?: number;
  /** A person chose the face. */
  chosen?: boolean;
}

export interface EvidenceSources {
  identities: readonly string[];
  /** (N); null where no faces were looked for. */
  faces: readonly FaceInImage[] | null;
  /** null for features that come without a trained head. */
  subcenters: SubcenterEvidence | null;
  /** Lengths of the embeddings, (N); null where they are not known. */
  quality: Float32Array | null;
  /** k-NN label agreement with the own class, and with the nearest other one, (N). */
  agreement: readonly (number | null)[];
  otherAgreement: readonly (number | null)[];
  estimate: NoiseEstimate;
  /** Mean training margin of each image, NaN where there is none; null when the run kept none. */
  margins: Float32Array | null;
}

type SubcenterFields = Pick<
  Evidence,
  'cosDominant' | 'cosAssigned' | 'subcenter' | 'dominantSubcenter' | 'dominantShare' | 'hasDominant'
>;

const noSubcenters: SubcenterFields = {
  cosDominant: null,
  cosAssigned: null,
  subcenter: null,
  dominantSubcenter: null,
  dominantShare: null,
  hasDominant: false,
};

/**
 * Returns the evidence on every image, (N), under the names that it is stored by: `cosOwn` is the cosine to the leave-one-out
 * class mean and `rivalCos` the one to the nearest other class (whitened space); `cosDominant` and `cosAssigned` are cosines
 * to sub-centres (trained space).
 */
export function gatherEvidence(sources: EvidenceSources): Evidence[] {
  const { identities, faces, subcenters, quality, agreement, otherAgreement, estimate, margins } = sources;
  const { ownClassCosine, nearestOther } = estimate;
  const typicalLength = quality && median(quality);
  return Array.from(ownClassCosine, (own, i) => {
    const other = nearestOther.label[i];
    return {
      cosOwn: Number.isFinite(own) ? own : null,
      ...(subcenters ? subcenterFields(subcenters, i) : noSubcenters),
      neighbourAgreement: agreement[i],
      rivalIdentity: other < 0 ? null : identities[other],
      rivalCos: other < 0 ? null : nearestOther.cosine[i],
      rivalAgreement: otherAgreement[i],
      trainingMargin: margins && Number.isFinite(margins[i]) ? margins[i] : null,
      quality: quality && typicalLength !== null ? quality[i] / typicalLength : null,
      ...(faces && faceFields(faces[i])),
    };
  });
}

const faceFields = ({ faces, face, otherFace, chosen }: FaceInImage): Partial<Evidence> => ({
  ...{ faces, face },
  ...(otherFace !== undefined && { otherFace }),
  ...(chosen && { faceChosen: true }),
});

function subcenterFields({ assignment, classes }: SubcenterEvidence, i: number): SubcenterFields {
  const dominant = assignment.dominants[classes[i]];
  return {
    cosDominant: assignment.cosDominant[i],
    cosAssigned: assignment.cosAssigned[i],
    subcenter: assignment.subcenter[i],
    dominantSubcenter: dominant.subcenter,
    dominantShare: dominant.share,
    hasDominant: dominant.clear,
  };
}
