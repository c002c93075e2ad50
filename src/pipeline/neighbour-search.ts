import { refuseLowRecall } from '../index/find-neighbours.js';
import { stageSettings } from './stage-settings.js';
import { buildIndex } from '../index/indexes.js';
import type { Matrix } from '../core/vectors.js';
import type { NeighbourIndex } from '../index/neighbour-index.js';
import { measureRecall, type Recall } from '../index/recall.js';
import { type Dataset, imageOfSlot } from '../core/face-set.js';
import { readDataset } from '../workspace/dataset.js';
import { embeddingsOf } from '../workspace/embedding-file.js';
import { chooseRun } from '../workspace/runs.js';
import type { StageResult } from '../workspace/results.js';
import { doOnce, type StageContext, type StageOutcome } from '../workspace/stage.js';

/** Builds the index over the current embeddings and says how long that took. */
export function buildCurrentIndex(context: StageContext): Promise<StageOutcome<StageResult<'index-build'>>> {
  return withIndex(context, 'index-build', ({ kind, vectors }, _, seconds) =>
    Promise.resolve({ kind, vectors, seconds }),
  );
}

/** Recall@10 of the index over the current embeddings. @throws RecallError below the bar */
export async function checkCurrentIndex(context: StageContext): Promise<StageOutcome<Recall>> {
  const { config, signal } = context;
  const outcome = await withIndex(context, 'index-check', (index, { vectors, labels }) =>
    measureRecall(index, vectors, labels, config.seed, signal),
  );
  refuseLowRecall(outcome.result, config.index);
  return outcome;
}

/** Vectors of crops, and the label of each, -1 where it is none of the set's. */
interface Labelled {
  vectors: Matrix;
  labels: Int32Array;
}

const slotLabels = (dataset: Dataset): Int32Array =>
  imageOfSlot(dataset).map((image) => (image < 0 ? -1 : dataset.labels[image]));

async function withIndex<N extends 'index-build' | 'index-check'>(
  context: StageContext,
  stage: N,
  use: (index: NeighbourIndex, over: Labelled, buildSeconds: number) => Promise<StageResult<N>>,
): Promise<StageOutcome<StageResult<N>>> {
  const { workspace, config, signal } = context;
  const run = chooseRun(workspace, undefined, 'train');
  const crops = embeddingsOf(workspace, run.id);
  const vectors = crops.untouched ?? crops.vectors; // what sift searches
  return doOnce(
    context,
    stage,
    { run: run.id, vectors: vectors.rows, settings: stageSettings('index', config) },
    async () => {
      const start = performance.now();
      const labels = slotLabels(readDataset(workspace));
      const index = await buildIndex(vectors, config.index, signal, labels);
      const seconds = (performance.now() - start) / 1000;
      return use(index, { vectors, labels }, seconds).finally(() => index.close());
    },
  );
}
