// What sift does with a frozen model's features, but for copies: the product's own functions on features made once.
import { defaults } from '../dist/core/config.js';
import { exactNeighbours } from '../dist/index/exact-index.js';
import { agreementOf, SPARE_NEIGHBOURS } from '../dist/noise/knn-agreement.js';
import { calibrate } from '../dist/noise/estimate-noise.js';
import { chooseCut } from '../dist/noise/threshold.js';
import { decide } from '../dist/noise/decide.js';
import { heedProposals } from '../dist/identities/apply-proposals.js';
import { mergedLabels, proposeIdentities } from '../dist/identities/propose.js';
import { rules } from '../dist/noise/rules.js';
import { isFaint } from '../dist/noise/face-presence-prior.js';

/**
 * @param vectors (N, D) unit rows @param norms (N) their lengths before @param faceScores (N), null where no faces were
 * looked for @param faces (N) how many were found
 */
export async function siftFeatures({ vectors, norms, labels, identities, faceScores, faces, seed }) {
  const { neighbours } = defaults.sift;
  const every = Int32Array.from(labels.keys());
  const near = await exactNeighbours(vectors, every, neighbours + SPARE_NEIGHBOURS, undefined);
  const leftOut = (i) => isFaint(faceScores, i);
  const proposals = proposeIdentities({ embeddings: vectors, labels, neighbours: near, leftOut });
  const merged = mergedLabels(identities.length, proposals.merges);
  const people = labels.map((label) => merged[label]);
  const agreement = agreementOf(near, neighbours, people, every);
  const calibration = await calibrate({
    vectors: { ...vectors, data: vectors.data.slice() }, // calibrate overwrites them
    ...{
      labels: people,
      identities: identities.length,
      agreement,
      copyGroups: every,
      faceGroups: every,
      margins: null,
    },
    ...{ cores: proposals.cores, faceScores, quality: norms, seed, settings: defaults.index },
  });
  const { cosOwn, rivals, noiseRate, pNoise } = calibration;
  const rivalAgreement = agreementOf(near, neighbours, people, every, rivals.label);
  const suspects = Array.from(labels, (label, i) => ({
    ...{ path: String(i), identity: identities[label], pNoise: pNoise[i] },
    evidence: {
      rivalAgreement: rivalAgreement[i],
      ...{ cosOwn: Number.isFinite(cosOwn[i]) ? cosOwn[i] : null, cosDominant: cosOwn[i], cosAssigned: null },
      ...{ subcenter: null, dominantSubcenter: null, dominantShare: null, hasDominant: true, trainingMargin: null },
      ...{ neighbourAgreement: agreement[i], quality: norms[i] },
      ...{ rivalIdentity: identities[rivals.label[i]], rivalCos: rivals.cosine[i], faces: faces[i], face: 0 },
    },
  }));
  const cut = chooseCut(pNoise, defaults.sift);
  const plain = decide(suspects, rules.calibrated, { ...defaults.sift, ...cut });
  const decisions = heedProposals(plain, identities, proposals);
  return { suspects, plain, decisions, pNoise, noiseRate, expected: cut.expected, proposals };
}
