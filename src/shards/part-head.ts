import { cpus } from 'node:os';
import { z } from 'zod';
import type { Config } from '../core/config.js';

/** Bytes that the head of a part takes; the values follow. */
export const HEAD_BYTES = 4096;

const count = z.number().int().min(0);

/** Kind of machine that made a part: last bits of embeddings can depend on it. */
const machineSchema = z.object({ cpu: z.string(), node: z.string(), threads: count });
export type Machine = z.infer<typeof machineSchema>;

/** What a part says of itself: JSON, filled up with blanks to {@link HEAD_BYTES}. */
export const partHeadSchema = z.object({
  format: z.literal('facesieve part 1'),
  /** Fingerprint of the plan. */
  plan: z.string(),
  step: z.string(),
  shard: count,
  of: count,
  /** Images of the source, or crops: what the step counts. */
  rows: count,
  /** Stretches of values, in the order they lie in. */
  sections: z.array(z.object({ name: z.string(), rows: count, bytes: count, sha256: z.string() })),
  machine: machineSchema,
});
export type PartHead = z.infer<typeof partHeadSchema>;
export type Section = PartHead['sections'][number];

/** Which part it is: shard `shard` of `of` of a step, from 0. */
export type PartName = Pick<PartHead, 'step' | 'shard' | 'of'>;

/** A part in words: `ingest 3/8`. */
export const partWords = ({ step, shard, of }: PartName): string => `${step} ${shard}/${of}`;

export const machineOf = ({ threads }: Config): Machine => ({
  cpu: cpus()[0]?.model.trim() ?? 'unknown',
  node: process.version,
  threads,
});
