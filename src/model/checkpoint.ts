import { existsSync } from 'node:fs';
import { z } from 'zod';
import { FormatError } from '../core/errors.js';
import { assertFinite } from '../core/vectors.js';
import { readTensors, type StoredTensor, writeTensors } from '../core/safetensors.js';
import type { Arrays, TensorSpec } from '../engine/program.js';

/** How far training was when the checkpoint was written; sums are over the epoch at hand. */
const progressSchema = z.object({
  epoch: z.number().int(),
  step: z.number().int(),
  lossSum: z.number(),
  angleSum: z.number(),
  images: z.number().int(),
  /** Images that were trained under another label. */
  relabelled: z.number().int().default(0),
  history: z.array(
    z.object({ loss: z.number(), meanAngleDegrees: z.number(), relabelled: z.number().int().default(0) }),
  ),
  seconds: z.number(),
});
export type TrainingProgress = z.infer<typeof progressSchema>;

const metadataSchema = z.object({
  run: z.string(),
  progress: progressSchema,
  /** Class of head row block c: identities[c]. */
  identities: z.array(z.string()),
});

export interface Checkpoint extends z.infer<typeof metadataSchema> {
  /** Backbone weights, head, velocities and whatever else a run resumes from. */
  state: Arrays;
}

/** Writes weights, head and optimizer in one file, atomically: readers see the old checkpoint or the new one. */
export function writeCheckpoint(file: string, checkpoint: Checkpoint, specs: Record<string, TensorSpec>): void {
  const { state, ...metadata } = checkpoint;
  const tensors = Object.fromEntries(
    Object.entries(state).map(([name, data]) => [name, { shape: specs[name].shape, data: data as Float32Array }]),
  );
  writeTensors(file, { tensors, metadata: { facesieve: JSON.stringify(metadata) } });
}

/**
 * @param only names of the state that is wanted; all without it
 * @throws FormatError when the file is damaged or was not written by facesieve
 */
export function readCheckpoint(file: string, only?: readonly string[]): Checkpoint {
  const { tensors, metadata } = readTensors(file, { only });
  const parsed = metadataSchema.safeParse(JSON.parse(metadata.facesieve ?? 'null'));
  if (!parsed.success)
    throw new FormatError(`"${file}" is not a checkpoint of facesieve.`, ['Train again with --force.']);
  for (const [name, { data }] of Object.entries(tensors)) assertFinite(data, `"${file}", ${name}`, data.length);
  const state = Object.fromEntries(Object.entries(tensors).map(([name, { data }]) => [name, data]));
  return { ...parsed.data, state };
}

export const checkpointIfAny = (file: string): Checkpoint | undefined =>
  existsSync(file) ? readCheckpoint(file) : undefined;

/** What of a checkpoint may be taken out of it. */
export interface CheckpointContent {
  identities: string[];
  tensors: Record<string, StoredTensor>;
}

/** Writes the checkpoint in `file`, as `change` leaves it, to `target`, whole or not at all. @throws FormatError */
export function copyCheckpoint(
  file: string,
  target: string,
  change: (content: CheckpointContent) => CheckpointContent,
): void {
  const { state: _, ...facts } = readCheckpoint(file, []);
  const { tensors, metadata } = readTensors(file);
  const { identities, tensors: left } = change({ identities: facts.identities, tensors });
  writeTensors(target, {
    tensors: left,
    metadata: { ...metadata, facesieve: JSON.stringify({ ...facts, identities }) },
  });
}
