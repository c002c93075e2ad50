import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isFrozen } from '../../core/config.js';
import { FacesieveError, FormatError } from '../../core/errors.js';
import { tensorShapes } from '../../core/safetensors.js';
import { featuresName, frozenModel } from '../../model/frozen/frozen-model.js';
import { embeddingFileOf, featureFileOf } from '../embedding-file.js';
import type { Run } from '../runs.js';
import type { Workspace } from '../workspace.js';

/** What becomes of a file of embeddings or features. */
export interface EmbeddingFate {
  file: string;
  /** What it is called once rows were taken out; without it nobody knows whose rows they are, and the file goes whole. */
  becomes?: string;
  /** It cannot be read, and goes whole for that reason. */
  damaged: boolean;
}

/** Every file of embeddings. @param rows crops before @param before, after names of the dataset */
export function embeddingActions(
  workspace: Workspace,
  runs: readonly Run[],
  rows: number,
  before: string,
  after: string,
): EmbeddingFate[] {
  const folder = workspace.file('embeddings');
  if (!existsSync(folder)) return [];
  const current = new Map([
    ...runs
      .filter(({ inputs }) => datasetOf(inputs) === before)
      .map(({ id }) => embeddingFileOf(workspace, id))
      .map((file) => [file, file] as const),
    ...featureFiles(workspace, runs, before, after),
  ]);
  return readdirSync(folder)
    .filter((name) => name.endsWith('.safetensors'))
    .map((name) => join(folder, name))
    .map((file) => {
      const held = rowsOf(file);
      return { file, becomes: held === rows ? current.get(file) : undefined, damaged: held === 'damaged' };
    });
}

/** Names that features have before and after. */
function featureFiles(
  workspace: Workspace,
  runs: readonly Run[],
  before: string,
  after: string,
): [before: string, after: string][] {
  return runs
    .filter(({ config }) => isFrozen(config.model.backbone ?? ''))
    .flatMap(({ config }) => {
      try {
        const model = frozenModel(config);
        const fileOf = (dataset: string): string => featureFileOf(workspace, featuresName(model, dataset));
        return [[fileOf(before), fileOf(after)]];
      } catch (error) {
        if (!(error instanceof FacesieveError)) throw error;
        return []; // the model is gone: its features cannot be told
      }
    });
}

export const datasetOf = (inputs: unknown): unknown => (inputs as { dataset?: unknown } | null)?.dataset;

/** NaN when its tensors are of several lengths. */
function rowsOf(file: string): number | 'damaged' {
  try {
    const rows = new Set(Object.values(tensorShapes(file)).map(([first]) => first));
    return rows.size === 1 ? [...rows][0] : NaN;
  } catch (error) {
    if (error instanceof FormatError) return 'damaged';
    throw error;
  }
}
