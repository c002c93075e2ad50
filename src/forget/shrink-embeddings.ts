import { existsSync, readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { isFrozen } from '../core/config.js';
import { FacesieveError, FormatError } from '../core/errors.js';
import { readTensors, tensorShapes, writeTensors } from '../core/safetensors.js';
import { replaceShredding, shred } from '../core/shred.js';
import { featuresName, frozenModel } from '../model/frozen/frozen-model.js';
import { embeddingFileOf, featureFileOf } from '../store/embedding-file.js';
import type { Run } from '../store/runs.js';
import type { Workspace } from '../store/workspace.js';
import { withoutRows } from './without-rows.js';

/** What becomes of a file of embeddings or features. */
export interface EmbeddingFate {
  file: string;
  /** Its rows are the crops' of today, so that one can be taken out; otherwise nobody knows whose rows they are. */
  shrinks: boolean;
  /** What it is called afterwards: names of features hold the dataset's. */
  renamed?: string;
}

/** Every file of embeddings. @param before, after names of the dataset @param rows crops before */
export function embeddingFates(
  workspace: Workspace,
  runs: readonly Run[],
  rows: number,
  left: number,
  before: string,
): EmbeddingFate[] {
  const folder = workspace.file('embeddings');
  if (!existsSync(folder)) return [];
  const current = new Set([
    ...runs.filter(({ inputs }) => datasetOf(inputs) === before).map(({ id }) => embeddingFileOf(workspace, id)),
    ...featureFiles(workspace, runs, before).keys(),
  ]);
  return readdirSync(folder)
    .map((name) => join(folder, name))
    .map((file) => ({ file, shrinks: current.has(file) && [rows, left].includes(rowsOf(file)) }));
}

/** Names that the features of `dataset` have, and the runs' model behind each. */
export function featureFiles(workspace: Workspace, runs: readonly Run[], dataset: string): Map<string, Run> {
  const files = new Map<string, Run>();
  for (const run of runs.filter(({ config }) => isFrozen(config.backbone ?? '')))
    try {
      files.set(featureFileOf(workspace, featuresName(frozenModel(run.config), dataset)), run);
    } catch (error) {
      if (!(error instanceof FacesieveError)) throw error; // the model is gone: its features cannot be told
    }
  return files;
}

export const datasetOf = (inputs: unknown): unknown => (inputs as { dataset?: unknown } | null)?.dataset;

function rowsOf(file: string): number {
  try {
    return Math.max(...Object.values(tensorShapes(file)).map(([rows]) => rows));
  } catch (error) {
    if (error instanceof FormatError) return NaN;
    throw error;
  }
}

/** Takes the rows in `gone` out, unless that was done, or shreds the file. @param rows crops before */
export function applyFate({ file, shrinks }: EmbeddingFate, rows: number, gone: ReadonlySet<number>): void {
  if (!shrinks) shred(file);
  else if (rowsOf(file) === rows && gone.size > 0)
    replaceShredding(file, () => {
      const { tensors, metadata } = readTensors(file);
      const left = Object.entries(tensors).map(([name, tensor]) => [name, withoutRows(tensor, gone)] as const);
      writeTensors(file, { tensors: Object.fromEntries(left), metadata });
    });
}

/** Features are found by the dataset's name, which is another one now. */
export function renameFeatures(workspace: Workspace, runs: readonly Run[], before: string, after: string): void {
  for (const [file, { config }] of featureFiles(workspace, runs, before))
    if (existsSync(file)) renameSync(file, featureFileOf(workspace, featuresName(frozenModel(config), after)));
}
