import { type Matrix, takeRows } from '../core/vectors.js';
import { buildIndex } from '../index/indexes.js';
import type { Neighbours } from '../index/neighbour-index.js';
import { measureRecall } from '../index/recall.js';
import { cropGeometryOf } from '../workspace/dataset.js';
import { faceScores } from '../workspace/images.js';
import type { StageContext } from '../workspace/stage.js';
import { assignSubcenters } from '../subcenter/dominant.js';
import { agreementOf, SPARE_NEIGHBOURS } from '../noise/knn-agreement.js';
import { calibrate } from '../noise/estimate-noise.js';
import type { NoiseRate } from '../noise/noise-estimate.js';
import { chooseFaces } from '../noise/select-face.js';
import type { Suspect } from '../noise/decide.js';
import type { Copies } from '../duplicates/find-duplicates.js';
import { gatherEvidence } from '../noise/evidence.js';
import { lookForCopies } from './look-for-duplicates.js';
import { refuseLowRecall, type SearchedIndex } from './neighbour-search.js';
import { findOverlap, type Overlap } from '../metrics/set-overlap.js';
import { type LabelProposals, markAnswered, mergedLabels, proposeIdentities } from '../identities/propose.js';
import { readSiftVectors, type SiftInputs } from './sift-inputs.js';
import type { Steps } from './steps.js';
import { isFaint } from '../noise/face-presence-prior.js';
import { leftOutOf } from '../noise/eligible-members.js';

/** Everything decisions are made from. */
export interface Weighed {
  suspects: Suspect[];
  /** null where nothing can be measured: every identity is one photograph. */
  noiseRate: NoiseRate | null;
  index: SearchedIndex;
  copies: Copies;
  proposals: LabelProposals;
  overlap?: Overlap;
}

/** @throws MissingStageError, FormatError, RecallError, InterruptedError */
export async function weighEvidence(context: StageContext, inputs: SiftInputs, steps: Steps): Promise<Weighed> {
  const { workspace, config, signal } = context;
  const { run, dataset } = inputs;
  const { labels, classes, images } = dataset;
  const { crops, centres, margins } = await steps.time('read', () => readSiftVectors(workspace, inputs));
  const looks = crops.untouched ?? crops.vectors; // what the images look like, if possible before any label was learnt
  const chosen = await steps.time('choose faces', () => chooseFaces(dataset, looks));
  const slots = Int32Array.from(chosen, ({ slot }) => slot);
  const assignment = assignSubcenters(takeRows(crops.vectors, slots), centres, classes, run.config.train.subcenters);
  const vectors = takeRows(looks, slots); // (slots, D) -> (N, D)

  const { near, index } = await searchNeighbours(context, vectors, labels, steps);
  const aligned = cropGeometryOf(workspace).align === 'auto';
  const copies = await steps.time('copies', () =>
    lookForCopies({ dataset, chosen, vectors: looks, near, aligned }, config, signal),
  );
  const scores = aligned ? faceScores(workspace, slots) : null;
  const isCopy = leftOutOf(images);
  const leftOut = (image: number): boolean => isCopy(image) || isFaint(scores, image); // a heap of non-faces is no person
  const proposals = await steps.time('proposals', () =>
    markAnswered(proposeIdentities({ embeddings: vectors, labels, neighbours: near, leftOut }), dataset),
  );
  const merged = mergedLabels(dataset.identities.length, proposals.merges);
  const people = labels.map((label) => merged[label]);
  const agreement = agreementOf(near, config.sift.neighbours, people, copies.copyGroups);
  const firstFace = margins?.map((margin, i) => (chosen[i].face === 0 ? margin : NaN)) ?? null; // all that training saw
  const lengths = crops.untouchedNorms ?? crops.norms;
  const norms = Float32Array.from(slots, (slot) => lengths[slot]);
  const calibration = await steps.time('calibrate', () =>
    calibrate(
      {
        ...{ vectors, labels: people, identities: dataset.identities.length, agreement, seed: config.seed },
        cores: proposals.cores,
        faceScores: scores,
        ...{ copyGroups: copies.copyGroups, faceGroups: copies.faceGroups, quality: norms },
        ...{ margins: crops.untouched ? null : firstFace, settings: config.index },
      },
      signal,
    ),
  );
  const evidence = gatherEvidence({
    ...{ dataset, chosen, assignment, agreement, calibration },
    rivalAgreement: agreementOf(near, config.sift.neighbours, people, copies.copyGroups, calibration.rivals.label),
    norms,
    margins: firstFace,
  });
  const { pNoise, noiseRate } = calibration;
  const suspects = images.map(({ path, identity }, i) => ({
    ...{ path, identity, evidence: evidence[i], pNoise: pNoise[i] },
  }));
  const weighed = { suspects, noiseRate, index, copies, proposals };
  if (dataset.reference.length === 0) return weighed;
  const reference = takeRows(
    looks,
    dataset.reference.map(({ slot }) => slot),
  );
  calibration.intoSpace(reference);
  const overlap = findOverlap(dataset, reference, calibration.centres, evidence, pNoise, config.sift.duplicateBits);
  return { ...weighed, overlap };
}

/** The nearest images of every image, from an index that is gone afterwards: it is as large as the embeddings. */
async function searchNeighbours(
  { config, signal }: StageContext,
  vectors: Matrix,
  labels: Int32Array,
  steps: Steps,
): Promise<{ near: Neighbours; index: SearchedIndex }> {
  const index = await steps.time('index', () => buildIndex(vectors, config.index, signal, labels));
  try {
    const recall = await steps.time('recall', () => measureRecall(index, vectors, labels, config.seed, signal));
    refuseLowRecall(recall, config.index);
    const every = Int32Array.from({ length: vectors.rows }, (_, i) => i);
    const near = await steps.time('neighbours', () =>
      index.nearestFirst(every, config.sift.neighbours + SPARE_NEIGHBOURS, signal),
    );
    return { near, index: { kind: index.kind, ...recall } };
  } finally {
    await index.close();
  }
}
