import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { sha256 } from '../../src/core/fingerprint.js';
import { silentProgress } from '../../src/core/progress.js';
import { type RawLayer, resolveConfig } from '../../src/core/resolve-config.js';
import { makePlan } from '../../src/shards/make-plan.js';
import type { Plan } from '../../src/shards/plan.js';
import { runTask, type TaskRequest, type TaskResult } from '../../src/shards/run-task.js';

const still = { progress: silentProgress, signal: new AbortController().signal };

/** Plans `source` into `exchange`. */
export async function planned(
  source: string,
  exchange: string,
  shards: number,
  settings: RawLayer,
  force = false,
): Promise<Plan> {
  const { plan } = await makePlan({ source, exchange, shards, config: resolveConfig(settings), force, ...still });
  return plan;
}

/** Does one task; what is not named is as the command has it. */
export const taskOf = (
  exchange: string,
  step: string,
  task: string,
  more: Partial<TaskRequest> = {},
): Promise<TaskResult> =>
  runTask({ exchange, step, task, workspace: join(exchange, '../workspace'), force: false, ...still, ...more });

/** Tasks of `step`, from 0. */
export const tasksOf = ({ steps }: Plan, step: string): string[] => {
  const { tasks } = steps.find(({ name }) => name === step)!;
  return Array.from({ length: tasks }, (_, i) => `${i}/${tasks}`);
};

const tables: Record<string, string> = {
  images: 'SELECT * FROM images ORDER BY id',
  crops: 'SELECT * FROM crops ORDER BY slot',
  facts: "SELECT * FROM facts WHERE name NOT LIKE 'said:%' ORDER BY name",
  keys: 'SELECT key FROM stages ORDER BY key',
  ingest: "SELECT result FROM stages WHERE stage = 'ingest'",
  decisions: 'SELECT * FROM decisions ORDER BY run, path',
  proposals: 'SELECT * FROM identity_proposals ORDER BY run, kind, number',
};

/** Hashes of all that a workspace decides by, and of what it decided; not of how long things took. */
export function contentOf(workspace: string): Record<string, string> {
  const database = new Sqlite(join(workspace, 'facesieve.db'), { readonly: true });
  const rows = Object.entries(tables).map(([name, sql]) => [name, JSON.stringify(database.prepare(sql).all())]);
  database.close();
  const embeddings = readdirSync(join(workspace, 'embeddings')).sort();
  const files = ['crops/crops.u8', ...embeddings.map((name) => `embeddings/${name}`)];
  return Object.fromEntries([
    ...rows.map(([name, text]) => [name, sha256(Buffer.from(text))]),
    ...files.map((file) => [file, sha256(readFileSync(join(workspace, file)))]),
  ]) as Record<string, string>;
}
