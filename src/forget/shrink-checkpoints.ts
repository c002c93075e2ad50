import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { readTensors, writeTensors } from '../core/safetensors.js';
import { replaceShredding, shred } from '../core/shred.js';
import { readCheckpoint } from '../model/checkpoint.js';
import type { Run } from '../store/runs.js';
import type { Workspace } from '../store/workspace.js';
import { HEAD } from '../subcenter/sampled-head.js';
import { MARGIN_STATE } from '../subcenter/training-margins.js';
import { datasetOf } from './shrink-embeddings.js';
import { withoutRows } from './without-rows.js';

/** What a checkpoint must not hold any more. */
export interface GoneFromTraining {
  /** Names whose centres go: of identities that are forgotten, and of those with no image left. */
  identities: ReadonlySet<string>;
  /** Places of images among the dataset's, and how many those were. */
  positions: ReadonlySet<number>;
  images: number;
  /** Name of the dataset that they are places in. */
  dataset: string;
}

/**
 * Takes centres and names of identities out of every checkpoint, and the training margins of images. The weights of the
 * network stay: what they learnt of a face cannot be taken out. Returns how many files changed or went.
 */
export function shrinkCheckpoints(workspace: Workspace, runs: readonly Run[], gone: GoneFromTraining): number {
  const folder = workspace.file('checkpoints');
  if (!existsSync(folder)) return 0;
  const files = readdirSync(folder).map((name) => join(folder, name));
  return files.filter((file) => {
    const run = runs.find(({ id }) => basename(file) === `${id}.safetensors`);
    return run ? shrink(file, run, gone) : shred(file) > 0; // half written, or of a run that nobody knows
  }).length;
}

function shrink(file: string, run: Run, gone: GoneFromTraining): boolean {
  const { state, ...facts } = readCheckpoint(file);
  const classes = facts.identities.length;
  const goneClasses = facts.identities.flatMap((name, c) => (gone.identities.has(name) ? [c] : []));
  const margins = MARGIN_STATE.filter((name) => state[name]);
  // Of a dataset that is not today's, or in an order of their own: nobody knows whose margins they are.
  const margin = run.stage === 'train' && datasetOf(run.inputs) === gone.dataset ? 'shrink' : 'drop';
  const hasAll =
    margins.length > 0 && (margin === 'drop' || (gone.positions.size > 0 && state[margins[0]].length === gone.images));
  if (goneClasses.length === 0 && !hasAll) return false;

  replaceShredding(file, () => {
    const { tensors, metadata } = readTensors(file);
    for (const name of [HEAD, `velocity:${HEAD}`])
      if (tensors[name])
        tensors[name] = withoutRows(tensors[name], rowsOf(goneClasses, tensors[name].shape[0] / classes));
    for (const name of hasAll ? margins : [])
      if (margin === 'shrink') tensors[name] = withoutRows(tensors[name], gone.positions);
      else delete tensors[name];
    const identities = facts.identities.filter((name) => !gone.identities.has(name));
    writeTensors(file, { tensors, metadata: { ...metadata, facesieve: JSON.stringify({ ...facts, identities }) } });
  });
  return true;
}

/** W's rows of class c are c*K to c*K + K - 1. */
const rowsOf = (classes: readonly number[], k: number): Set<number> =>
  new Set(classes.flatMap((c) => Array.from({ length: k }, (_, j) => c * k + j)));
