import type { SiftResult } from '../workspace/results.js';
import { countDecisions } from '../core/records.js';
import { stageSettings } from './stage-settings.js';
import { writeDecisions } from '../workspace/decisions.js';
import { writeProposals } from '../workspace/proposals.js';
import { checkedCropFile } from '../workspace/check-crops.js';
import { recordRun } from '../workspace/runs.js';
import { doOnce, type StageContext, type StageOutcome } from '../workspace/stage.js';
import { countDuplicates, type NearDuplicates } from '../duplicates/near-duplicates.js';
import { markAnswered, namedProposals } from '../identities/label-proposals.js';
import { findNeighbours } from '../index/find-neighbours.js';
import { excludeOverlap, findOverlap, type Overlap } from '../metrics/set-overlap.js';
import { detectNoise, type NoiseResult } from '../noise/detect-noise.js';
import { excludedMembers } from '../noise/eligible-members.js';
import { noiseOptions } from '../noise/noise-options.js';
import { selectFaces } from '../noise/select-face.js';
import { whitenInPlace } from '../noise/wccn.js';
import { assignSubcenters } from '../subcenter/dominant.js';
import { facesHeeded } from '../workspace/chosen-faces.js';
import { cropGeometryOf } from '../workspace/dataset.js';
import { INDEX_FOLDER } from '../workspace/workspace.js';
import { faceScores } from '../workspace/images.js';
import { inSpace } from '../core/spaces.js';
import { copyRows, takeRows } from '../core/vectors.js';
import { lookForDuplicates } from './look-for-duplicates.js';
import { readSiftInputs, readSiftVectors, type SiftDataset, type SiftInputs } from './sift-inputs.js';
import { siftFigures } from './sift-figures.js';
import { Steps } from './steps.js';

/**
 * Decides on every image of the dataset, and stores decisions and proposals.
 *
 * @throws MissingStageError if there is no training run, or its embeddings are of other images
 * @throws FormatError if a checkpoint or an embedding file is damaged
 * @throws RecallError if the neighbour index misses too many neighbours
 * @throws InterruptedError if the signal is aborted
 */
export async function sift(context: StageContext): Promise<StageOutcome<SiftResult>> {
  const { workspace, config } = context;
  const steps = new Steps(context.progress, 'sift', 'the images');
  const inputs = await steps.time('read', () => readSiftInputs(workspace));
  const named = {
    ...{ parent: inputs.run.id, dataset: inputs.dataset.fingerprint, settings: stageSettings('sift', config) },
    names: inputs.dataset.names.state, // absent as long as nobody said anything of names
    faces: facesHeeded(workspace, inputs.dataset.images),
  };
  return doOnce(context, 'sift', named, async (run) => {
    await steps.time('check', () => checkedCropFile(workspace));
    const { noise, copies, overlap } = await siftImages(context, inputs, steps);
    const { images, identities } = inputs.dataset;
    const decisions =
      overlap && config.sift.overlap === 'exclude' ? excludeOverlap(noise.decisions, images, overlap) : noise.decisions;
    await steps.time('write', () => {
      recordRun(workspace, { id: run, stage: 'sift', parent: inputs.run.id, config, inputs: named });
      writeDecisions(workspace, run, decisions);
      const paths = noise.decisions.map(({ path }) => path);
      writeProposals(workspace, run, namedProposals(noise.proposals, identities, paths));
    });
    return {
      run,
      decisions: countDecisions(decisions.map(({ decision }) => decision)),
      ...siftFigures(noise),
      index: noise.index,
      copies: countDuplicates(copies, inputs.dataset.labels),
      ...(overlap && { overlap }),
      seconds: steps.seconds,
    };
  });
}

interface SiftedImages {
  noise: NoiseResult;
  copies: NearDuplicates;
  overlap?: Overlap;
}

/** Reads what earlier stages left, and hands it to the domain: neighbours, near-duplicates, noise, overlap. */
async function siftImages(context: StageContext, inputs: SiftInputs, steps: Steps): Promise<SiftedImages> {
  const { workspace, config, signal } = context;
  const { run, dataset } = inputs;
  const { labels, classes, images, identities } = dataset;
  const { trained, backbone, norms, centres, margins, trainedAs } = await steps.time('read', () =>
    readSiftVectors(workspace, inputs),
  );
  const crops = backbone ?? trained; // features that no label of the set influenced, where there are some
  const selected = await steps.time('choose faces', () => selectFaces(dataset, crops, norms));
  const slots = Int32Array.from(selected, ({ slot }) => slot);
  const assignment = assignSubcenters(takeRows(trained, slots), centres, classes, run.config.train.subcenters);
  const features = inSpace<'frozen' | 'trained'>(crops.space, takeRows(crops, slots)); // (slots, D) -> (N, D)

  const options = noiseOptions({
    ...config.sift,
    ...{ seed: config.seed, index: { ...config.index, threads: config.threads, folder: workspace.file(INDEX_FOLDER) } },
    overwriteFeatures: true,
    signal,
    onStep: (step) => steps.begin(step),
  });
  const neighbours = await findNeighbours(features, labels, options);
  const aligned = cropGeometryOf(workspace).align === 'auto';
  const copies = await steps.time('copies', () =>
    lookForDuplicates({ dataset, selected, vectors: crops, near: neighbours.near, aligned }, config, signal),
  );
  const noise = await detectNoise(
    {
      features,
      space: features.space,
      labels,
      identities,
      paths: Array.from(images, ({ path }) => path),
      neighbours,
      copies,
      files: images,
      isExcluded: excludedMembers(images, labels),
      faceScores: aligned ? faceScores(workspace, slots) : undefined,
      faces: selected,
      quality: Float32Array.from(slots, (slot) => norms[slot]),
      margins: margins?.map((margin, i) => (selected[i].face === 0 ? margin : NaN)), // training saw the first face alone
      planted: trainedAs ? plantedLabels(trainedAs, inputs.dataset) : undefined,
      subcenters: { assignment, classes },
      answer: (proposals) => markAnswered(proposals, dataset),
    },
    options,
  );
  steps.end();
  if (dataset.reference.length === 0) return { noise, copies };
  const rows = copyRows(
    crops,
    Int32Array.from(dataset.reference, ({ slot }) => slot),
  );
  const reference = inSpace<'frozen' | 'trained'>(crops.space, rows);
  const { means, whitening } = noise.estimate;
  const evidence = noise.scored.map((image) => image.evidence);
  const whitened = await whitenInPlace(whitening, reference, config.threads);
  const overlap = findOverlap(dataset, whitened, means, evidence, noise.pNoise, config.sift.duplicateBits);
  return { noise, copies, overlap };
}

/** Today's label of the class that training saw an image under where that is not its own, (N), -1 elsewhere; undefined where none was planted. */
function plantedLabels(trainedAs: Int32Array, { classes, labels }: SiftDataset): Int32Array | undefined {
  const labelOf = new Map<number, number>();
  classes.forEach((c, i) => labelOf.set(c, labels[i]));
  const planted = trainedAs.map((c, i) => (c === classes[i] ? -1 : (labelOf.get(c) ?? -1)));
  return planted.some((label) => label >= 0) ? planted : undefined;
}
