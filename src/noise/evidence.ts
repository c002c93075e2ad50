import type { Evidence } from '../core/records.js';
import { median } from '../core/statistics.js';
import type { Assignment } from '../subcenter/dominant.js';
import type { Calibration } from './noise-estimate.js';
import type { ChosenFace } from './select-face.js';

export interface EvidenceSources {
  dataset: { classes: Int32Array; identities: readonly string[]; images: readonly unknown[] };
  /** Which face of each image all this is about. */
  chosen: readonly ChosenFace[];
  /** Where each image stands among the sub-centres of its identity. */
  assignment: Assignment;
  norms: Float32Array; // (N)
  agreement: readonly (number | null)[];
  rivalAgreement: readonly (number | null)[];
  calibration: Calibration;
  /** Mean training margin of each image; null when the run kept none. */
  margins: Float32Array | null;
}

/** All evidence on every image, in the order of `dataset.images`. */
export function gatherEvidence(sources: EvidenceSources): Evidence[] {
  const { dataset, chosen, assignment, norms, agreement, rivalAgreement, calibration, margins } = sources;
  const { classes, identities, images } = dataset;
  const { cosOwn, rivals } = calibration;
  const typicalNorm = median(norms);

  return images.map((_, i) => {
    const dominant = assignment.dominants[classes[i]];
    const rival = rivals.label[i];
    return {
      cosOwn: Number.isFinite(cosOwn[i]) ? cosOwn[i] : null,
      cosDominant: assignment.cosDominant[i],
      cosAssigned: assignment.cosAssigned[i],
      subcenter: assignment.subcenter[i],
      dominantSubcenter: dominant.subcenter,
      dominantShare: dominant.share,
      hasDominant: dominant.clear,
      neighbourAgreement: agreement[i],
      rivalIdentity: rival < 0 ? null : identities[rival],
      rivalCos: rival < 0 ? null : rivals.cosine[i],
      rivalAgreement: rivalAgreement[i],
      trainingMargin: margins && Number.isFinite(margins[i]) ? margins[i] : null,
      quality: norms[i] / typicalNorm,
      faces: chosen[i].faces,
      face: chosen[i].face,
    };
  });
}
