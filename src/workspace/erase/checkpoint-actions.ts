import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { FormatError } from '../../core/errors.js';
import { tensorShapes, withoutRows } from '../../core/safetensors.js';
import { type CheckpointContent, readCheckpoint } from '../../model/checkpoint.js';
import type { Run } from '../runs.js';
import type { Workspace } from '../workspace.js';
import { HEAD } from '../../subcenter/sampled-head.js';
import { MARGIN_STATE, TRAINED_AS } from '../../subcenter/training-margins.js';
import { datasetOf } from './embedding-actions.js';
import type { Rewrite } from './plan.js';

/** What a checkpoint must not hold any more. */
export interface GoneFromTraining {
  /** Names whose centres go. */
  centres: ReadonlySet<string>;
  /** Places of images among the dataset's, and how many those were. */
  positions: readonly number[];
  images: number;
  /** Name of the dataset that they are places in. */
  dataset: string;
}

export interface CheckpointFates {
  rewrites: Extract<Rewrite, { kind: 'checkpoint' }>[];
  /** Of runs that nobody knows. */
  whole: string[];
  unreadable: string[];
}

/** What becomes of every checkpoint; of those that hold nothing of it, nothing. */
export function checkpointActions(workspace: Workspace, runs: readonly Run[], gone: GoneFromTraining): CheckpointFates {
  const actions: CheckpointFates = { rewrites: [], whole: [], unreadable: [] };
  const folder = workspace.file('checkpoints');
  const files = existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [];
  for (const file of files.filter((name) => name.endsWith('.safetensors'))) {
    const run = runs.find(({ id }) => basename(file) === `${id}.safetensors`);
    try {
      if (!run) actions.whole.push(file);
      else actions.rewrites.push(...rewriteOf(file, run, gone));
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      actions.unreadable.push(file);
    }
  }
  return actions;
}

function rewriteOf(file: string, run: Run, gone: GoneFromTraining): CheckpointFates['rewrites'] {
  const { identities } = readCheckpoint(file, []);
  const margins = marginsOf(tensorShapes(file)[MARGIN_STATE[0]]?.[0], run, gone);
  const changes = margins !== 'keep' || identities.some((name) => gone.centres.has(name));
  return changes ? [{ kind: 'checkpoint', file, margins }] : [];
}

/** @param images that the checkpoint has margins of */
function marginsOf(images: number | undefined, run: Run, gone: GoneFromTraining): 'shrink' | 'drop' | 'keep' {
  if (images === undefined) return 'keep';
  // Of a dataset that is not today's, or in an order of their own: nobody knows whose margins they are.
  if (run.stage !== 'train' || datasetOf(run.inputs) !== gone.dataset || images !== gone.images) return 'drop';
  return gone.positions.length > 0 ? 'shrink' : 'keep';
}

/**
 * A checkpoint without centres and names of identities, and without the training margins of images. The weights of the
 * network stay: what they learnt of a face cannot be taken out.
 */
export function withoutForgotten(
  { identities, tensors }: CheckpointContent,
  centres: ReadonlySet<string>,
  positions: ReadonlySet<number>,
  margins: 'shrink' | 'drop' | 'keep',
): CheckpointContent {
  const left = { ...tensors };
  const goneClasses = identities.flatMap((name, c) => (centres.has(name) ? [c] : []));
  for (const name of [HEAD, `velocity:${HEAD}`])
    if (left[name]) left[name] = withoutRows(left[name], rowsOf(goneClasses, left[name].shape[0] / identities.length));
  for (const name of MARGIN_STATE)
    if (left[name] && margins === 'shrink') left[name] = withoutRows(left[name], positions);
    else if (margins === 'drop') delete left[name];
  if (left[TRAINED_AS] && goneClasses.length > 0)
    left[TRAINED_AS] = { ...left[TRAINED_AS], data: renumbered(left[TRAINED_AS].data, new Set(goneClasses)) };
  return { identities: identities.filter((name) => !centres.has(name)), tensors: left };
}

/** The numbers that classes have once some are gone; -1 for those. */
function renumbered(classes: Float32Array, gone: ReadonlySet<number>): Float32Array {
  return classes.map((c) => (gone.has(c) ? -1 : c - [...gone].filter((other) => other < c).length));
}

/** W's rows of class c are c*K to c*K + K - 1. */
const rowsOf = (classes: readonly number[], k: number): Set<number> =>
  new Set(classes.flatMap((c) => Array.from({ length: k }, (_, j) => c * k + j)));
