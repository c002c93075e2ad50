import { refuseLowRecall } from '../index/find-neighbours.js';
import { stageSettings } from './stage-settings.js';
import { buildIndex, indexKindFor } from '../index/indexes.js';
import { findSaved, saveIndex } from '../index/saved-index.js';
import type { Matrix } from '../core/vectors.js';
import { measureRecall, type Recall } from '../index/recall.js';
import { type Dataset, imageOfSlot } from '../core/face-set.js';
import { readDataset } from '../workspace/dataset.js';
import { embeddingsOf } from '../workspace/embedding-file.js';
import { INDEX_FOLDER } from '../workspace/workspace.js';
import { chooseRun } from '../workspace/runs.js';
import type { StageResult } from '../workspace/results.js';
import { doOnce, type StageContext, type StageOutcome } from '../workspace/stage.js';

/**
 * Builds the index over the current embeddings, says how long that took, and saves it if it is a graph: `index check`
 * and `sift` then load it.
 * @throws EngineError if the kind needs a package that is not installed
 */
export async function buildCurrentIndex(context: StageContext): Promise<StageOutcome<StageResult<'index-build'>>> {
  const { workspace, config, signal } = context;
  const searched = searchedVectors(context);
  const { vectors, labels } = searched;
  const folder = workspace.file(INDEX_FOLDER);
  const kind = indexKindFor(config.index, vectors.rows, labels);
  // Done before, but another index was saved since: `bytes` would speak of files that are gone.
  const force = context.force || ('load' in kind && !findSaved(folder, kind, vectors, config.index));
  return doOnce({ ...context, force }, 'index-build', keyInputs(context, searched), async () => {
    const start = performance.now();
    const index = await buildIndex(vectors, config.index, signal, labels);
    try {
      const seconds = (performance.now() - start) / 1000;
      const bytes = await saveIndex(index, folder, kind, vectors, config.index);
      return { kind: index.kind, vectors: index.vectors, seconds, bytes };
    } finally {
      await index.close();
    }
  });
}

/** Recall@10 of the index over the current embeddings, the saved one if it is theirs. @throws RecallError below the bar */
export async function checkCurrentIndex(context: StageContext): Promise<StageOutcome<Recall>> {
  const { workspace, config, signal } = context;
  const searched = searchedVectors(context);
  const { vectors, labels } = searched;
  const settings = { ...config.index, folder: workspace.file(INDEX_FOLDER) };
  // Measured before or not: a damaged index is told of.
  findSaved(settings.folder, indexKindFor(settings, vectors.rows, labels), vectors, settings);
  const outcome = await doOnce(context, 'index-check', keyInputs(context, searched), async () => {
    const index = await buildIndex(vectors, settings, signal, labels);
    return measureRecall(index, vectors, labels, config.seed, signal).finally(() => index.close());
  });
  refuseLowRecall(outcome.result, config.index);
  return outcome;
}

/** Vectors of crops that sift searches, and the label of each, -1 where it is none of the set's. */
interface Searched {
  run: string;
  vectors: Matrix;
  labels: Int32Array;
}

const slotLabels = (dataset: Dataset): Int32Array =>
  imageOfSlot(dataset).map((image) => (image < 0 ? -1 : dataset.labels[image]));

function searchedVectors({ workspace }: StageContext): Searched {
  const { id: run } = chooseRun(workspace, undefined, 'train');
  const crops = embeddingsOf(workspace, run);
  return { run, vectors: crops.untouched ?? crops.vectors, labels: slotLabels(readDataset(workspace)) };
}

const keyInputs = ({ config }: StageContext, { run, vectors }: Searched): object => ({
  ...{ run, vectors: vectors.rows, settings: stageSettings('index', config) },
});
