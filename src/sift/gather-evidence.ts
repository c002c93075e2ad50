import type { Evidence } from '../core/records.js';
import { median } from '../core/statistics.js';
import type { Matrix } from '../core/vectors.js';
import type { Dataset } from '../store/dataset.js';
import { assignSubcenters } from '../subcenter/dominant.js';
import type { Calibration } from './calibrate.js';
import type { ChosenFace } from './choose-faces.js';

export interface EvidenceSources {
  dataset: Dataset;
  /** Which face of each image all this is about. */
  chosen: readonly ChosenFace[];
  embeddings: Matrix; // (N, D) unit rows, in the space of the sub-centres
  norms: Float32Array; // (N)
  centres: Matrix; // (C*K, D) unit rows
  subcenters: number;
  agreement: readonly (number | null)[];
  rivalAgreement: readonly (number | null)[];
  calibration: Calibration;
  /** Mean training margin of each image; null when the run kept none. */
  margins: Float32Array | null;
}

/** All evidence on every image, in the order of `dataset.images`. */
export function gatherEvidence(sources: EvidenceSources): Evidence[] {
  const { dataset, chosen, embeddings, norms, centres, subcenters, agreement, rivalAgreement, calibration, margins } =
    sources;
  const { labels, identities, images } = dataset;
  const { cosOwn, rivals } = calibration;
  const assignment = assignSubcenters(embeddings, centres, labels, subcenters);
  const typicalNorm = median(norms);

  return images.map((_, i) => {
    const dominant = assignment.dominants[labels[i]];
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
