import { refuseLowRecall } from '../index/find-neighbours.js';
import { judgedFaces, readSiftInputs, readSiftVectors } from './sift-inputs.js';
import { stageSettings } from './stage-settings.js';
import { buildIndex, indexKindFor } from '../index/indexes.js';
import { findSaved, isGraph, saveIndex } from '../index/saved-index.js';
import type { Matrix } from '../core/vectors.js';
import { measureRecall, type Recall } from '../index/recall.js';
import { facesHeeded } from '../workspace/chosen-faces.js';
import { INDEX_FOLDER } from '../workspace/workspace.js';
import type { StageResult } from '../workspace/results.js';
import { doOnce, type StageContext, type StageOutcome } from '../workspace/stage.js';

/**
 * Builds the index over what sift searches, says how long that took, and saves it if it is a graph: `index check`
 * and `sift` then load it.
 * @throws EngineError if the kind needs a package that is not installed
 */
export async function buildCurrentIndex(context: StageContext): Promise<StageOutcome<StageResult<'index-build'>>> {
  const { workspace, config, signal } = context;
  const { vectors, labels, named } = whatSiftSearches(context);
  const folder = workspace.file(INDEX_FOLDER);
  const kind = indexKindFor(config.index, vectors.rows, labels);
  // Done before, but another index was saved since: `bytes` would speak of files that are gone.
  const force = context.force || (isGraph(kind) && !findSaved(folder, kind, vectors, config.index));
  return doOnce({ ...context, force }, 'index-build', named, async () => {
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

/** Recall@10 of the index over what sift searches, the saved one if it is theirs. @throws RecallError below the bar */
export async function checkCurrentIndex(context: StageContext): Promise<StageOutcome<Recall>> {
  const { workspace, config, signal } = context;
  const { vectors, labels, named } = whatSiftSearches(context);
  const settings = { ...config.index, folder: workspace.file(INDEX_FOLDER) };
  // Measured before or not: a damaged index is told of.
  findSaved(settings.folder, indexKindFor(settings, vectors.rows, labels), vectors, settings);
  const outcome = await doOnce(context, 'index-check', named, async () => {
    const index = await buildIndex(vectors, settings, signal, labels);
    return measureRecall(index, vectors, labels, config.seed, signal).finally(() => index.close());
  });
  refuseLowRecall(outcome.result, config.index);
  return outcome;
}

/** What sift searches: a row an image, (N, D), and its label, under the names of today. */
interface Searched {
  vectors: Matrix;
  labels: Int32Array;
  /** What names this work. */
  named: object;
}

function whatSiftSearches({ workspace, config }: StageContext): Searched {
  const inputs = readSiftInputs(workspace);
  const { run, dataset } = inputs;
  const { features } = judgedFaces(dataset, readSiftVectors(workspace, inputs));
  const named = {
    ...{ run: run.id, dataset: dataset.fingerprint, settings: stageSettings('index', config) },
    ...{ names: dataset.names.state, faces: facesHeeded(workspace, dataset.images) },
  };
  return { vectors: features, labels: dataset.labels, named };
}
