import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { writePrivately } from '../core/atomic-write.js';
import { type Config, configSchema } from '../core/config.js';
import { fingerprint } from '../core/fingerprint.js';
import { storedConfig } from '../core/resolve-config.js';
import { programVersion } from '../core/version.js';
import { NotYetError, PlanError } from './errors.js';
import type { Expected } from './part-reader.js';

const count = z.number().int().min(0);

/** What each step reads and writes: `list`, names of other steps, or `workspace`. */
export const plannedStepSchema = z.object({
  name: z.string(),
  /** A map step has a task for each shard, a reduce step one task. */
  kind: z.enum(['map', 'reduce']),
  tasks: count,
  reads: z.array(z.string()),
  writes: z.string(),
});
export type PlannedStep = z.infer<typeof plannedStepSchema>;

const pairOfPathAndStamp = z.tuple([z.string(), z.string()]);

/** As pipeline/ingest.ts names its work. */
const ingestInputsSchema = z.object({
  source: z.string(),
  also: z.array(z.string()),
  format: configSchema.shape.ingest.shape.format,
  options: z.object({
    maxFileBytes: z.number(),
    root: z.string().optional(),
    pathColumn: z.string().optional(),
    identityColumn: z.string().optional(),
    identityDepth: z.number().optional(),
  }),
  stamp: z.string(),
  reference: pairOfPathAndStamp.optional(),
  crop: z.object({
    size: count,
    align: configSchema.shape.ingest.shape.align,
    share: z.number(),
    faces: z.string().optional(),
  }),
  maxPixels: z.number(),
});

export const planSchema = z.object({
  format: z.literal('facesieve plan 1'),
  /** Names the plan by version, shards, settings, source and model. Every part carries it. */
  fingerprint: z.string(),
  /** Of facesieve. */
  version: z.string(),
  shards: z.number().int().min(1),
  /** In an order in which they may run; the last one leaves a workspace. */
  steps: z.array(plannedStepSchema),
  /** Files and rows of the source, those that are not used too; and images, which shards are balanced by. */
  entries: count,
  images: count,
  /** Entries of each shard. */
  counts: z.array(count),
  /** Settings, as a run stores them. */
  config: z.looseObject({}),
  ingest: ingestInputsSchema,
  understood: z.object({ notes: z.array(z.string()), warnings: z.array(z.string()) }),
  /** A frozen model: its hash, and how many crops it is given at once. */
  model: z.object({ sha256: z.string(), batch: z.number().int().min(1) }).optional(),
  /** Where it was planned: paths in the settings are relative to it. */
  folder: z.string(),
});
export type Plan = z.infer<typeof planSchema>;

export const planFile = (exchange: string): string => join(exchange, 'plan.json');

/** Names a plan by what its parts depend on. */
export const fingerprintOf = ({
  version,
  shards,
  config,
  ingest,
  model,
}: Pick<Plan, 'version' | 'shards' | 'config' | 'ingest' | 'model'>): string =>
  fingerprint({ version, shards, config, ingest, model });

export const writePlan = (exchange: string, plan: Plan): void =>
  writePrivately(planFile(exchange), `${JSON.stringify(plan, null, 1)}\n`);

/**
 * The plan in the folder `exchange`.
 * @throws NotYetError when there is none, PlanError when it was changed by hand or written by another version
 */
export function readPlan(exchange: string): Plan {
  const file = planFile(exchange);
  if (!existsSync(file))
    throw new NotYetError(`There is no plan in "${exchange}".`, [
      'Make one: facesieve shard plan SOURCE --exchange DIR --shards N',
      'On a cluster: check that this machine has mounted the folder.',
    ]);
  const parsed = planSchema.safeParse(jsonIn(file));
  if (!parsed.success || fingerprintOf(parsed.data) !== parsed.data.fingerprint)
    throw new PlanError(`"${file}" is not a plan as facesieve wrote it.`, [
      'Plan again, into a new folder: facesieve shard plan SOURCE --exchange DIR --shards N',
    ]);
  if (parsed.data.version !== programVersion())
    throw new PlanError(
      `The plan in "${exchange}" was made by facesieve ${parsed.data.version}; this is ${programVersion()}.`,
      ['Use one version on all machines, or plan again into a new folder.'],
    );
  return parsed.data;
}

function jsonIn(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

export const configOf = ({ config }: Plan): Config => storedConfig(JSON.stringify(config));

/** Number of the first entry of `shard`. */
export const firstEntry = ({ counts }: Plan, shard: number): number =>
  counts.slice(0, shard).reduce((sum, entries) => sum + entries, 0);

/** Names of the folders of parts; `list` holds what each ingest task reads. */
export const LIST = 'list';
export const partFolders = ({ steps }: Pick<Plan, 'steps'>): string[] => [LIST, ...steps.map(({ name }) => name)];

/** Where shard `shard` of `of` of a step lies. */
export const partFile = (exchange: string, step: string, shard: number, of: number): string =>
  join(exchange, step, `${String(shard).padStart(5, '0')}-of-${String(of).padStart(5, '0')}.part`);

/** The part of `step` and `shard` that the plan names, as it must be. */
export const expectedPart = (plan: Plan, step: string, shard: number): Expected => ({
  ...{ plan: plan.fingerprint, step, shard },
  of: tasksOf(plan, step),
  ...([LIST, 'ingest'].includes(step) && { rows: plan.counts[shard] }),
});

export const tasksOf = ({ steps, shards }: Plan, step: string): number =>
  steps.find(({ name }) => name === step)?.tasks ?? shards;
