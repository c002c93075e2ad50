import type { Evidence } from '../core/records.js';
import { median } from '../core/statistics.js';
import type { Matrix } from '../core/vectors.js';
import type { Neighbours } from '../index/neighbour-index.js';
import type { Dataset } from '../store/dataset.js';
import { assignSubcenters, rowsOf } from '../subcenter/dominant.js';
import { findRivals } from '../subcenter/rival.js';
import { agreementOf } from './agreement.js';
import type { ChosenFace } from './choose-faces.js';

export interface EvidenceSources {
  dataset: Dataset;
  /** Which face of each image all this is about. */
  chosen: readonly ChosenFace[];
  embeddings: Matrix; // (N, D) unit rows
  norms: Float32Array; // (N)
  centres: Matrix; // (C*K, D) unit rows
  subcenters: number;
  /** Nearest images of each image, and how many of them are asked. */
  near: Neighbours;
  neighbours: number;
  /** Which images show the same photograph, (N). */
  copyGroups: Int32Array;
  /** Mean training margin of each image; null when the run kept none. */
  margins: Float32Array | null;
}

/** All evidence on every image, in the order of `dataset.images`. */
export async function gatherEvidence(sources: EvidenceSources, signal: AbortSignal): Promise<Evidence[]> {
  const { dataset, chosen, embeddings, norms, centres, subcenters, near, neighbours, copyGroups, margins } = sources;
  const { labels, identities, images } = dataset;
  const assignment = assignSubcenters(embeddings, centres, labels, subcenters);
  const rivals = await findRivals(embeddings, rowsOf(assignment, centres, subcenters), labels, signal);
  const agreement = agreementOf(near, neighbours, labels, copyGroups);
  const typicalNorm = median(norms);

  return images.map((_, i) => {
    const dominant = assignment.dominants[labels[i]];
    const rival = rivals.label[i];
    return {
      cosDominant: assignment.cosDominant[i],
      cosAssigned: assignment.cosAssigned[i],
      subcenter: assignment.subcenter[i],
      dominantSubcenter: dominant.subcenter,
      dominantShare: dominant.share,
      hasDominant: dominant.clear,
      neighbourAgreement: agreement[i],
      rivalIdentity: rival < 0 ? null : identities[rival],
      rivalCos: rival < 0 ? null : rivals.cosine[i],
      trainingMargin: margins && chosen[i].face === 0 ? margins[i] : null, // training saw the first face
      quality: norms[i] / typicalNorm,
      faces: chosen[i].faces,
      face: chosen[i].face,
    };
  });
}
