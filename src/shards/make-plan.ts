import { createHash } from 'node:crypto';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Config, isFrozen } from '../core/config.js';
import { refuseUnwritable } from '../core/access.js';
import { EmptyInputError, PathError, UsageError } from '../core/errors.js';
import { throwIfInterrupted } from '../core/interrupt.js';
import { counted, type Progress } from '../core/progress.js';
import { holds, realPlace } from '../core/real-place.js';
import { programVersion } from '../core/version.js';
import { batchOf } from '../model/frozen/features.js';
import { frozenModel } from '../model/frozen/frozen-model.js';
import { checkMachine } from '../pipeline/check-request.js';
import { type IngestRequest, openIngest } from '../pipeline/ingest.js';
import { namedOnce, type RoledEntry } from '../pipeline/ingest/pack-entries.js';
import { EntryList } from './entry-rows.js';
import { fingerprintOf, LIST, partFolders, type Plan, planFile, planSchema, readPlan, writePlan } from './plan.js';
import { writePlannedPart } from './planned-part.js';
import { plannedSteps } from './steps.js';

export interface PlanRequest {
  source: string;
  exchange: string;
  shards: number;
  config: Config;
  progress: Progress;
  signal: AbortSignal;
  /** Replace another plan that lies in the folder, and its parts. */
  force: boolean;
}

/**
 * Divides the source into shards of as many images each, and writes what each task reads: a list of files, and the bytes of
 * those that can only be read through. The same request finds its plan.
 * @throws PathError, FormatError, EmptyInputError, UsageError, InterruptedError
 */
export async function makePlan(request: PlanRequest): Promise<{ plan: Plan; wasPlanned: boolean }> {
  const { source, exchange, shards, config, progress } = request;
  refuseUnwritable(exchange, '--exchange');
  refuseInside(source, exchange);
  await checkMachine(config);
  const ingest = await openIngest(config, source, progress);
  const model = await modelFor(config);
  const draft = asPlan({
    ...{ version: programVersion(), shards, steps: plannedSteps(shards, model !== undefined) },
    ...{ entries: 0, images: 0, counts: [], config, ingest: ingest.inputs },
    ...{ understood: { notes: [], warnings: [] }, model, folder: process.cwd() },
  });
  const old = oldPlan(request, draft);
  if (old) return { plan: old, wasPlanned: true };
  const images = await countImages(request, ingest);
  const plan = await writeLists(request, draft, ingest, images);
  writePlan(exchange, plan);
  return { plan, wasPlanned: false };
}

/** The plan as it is read back from its file. */
function asPlan(draft: Omit<Plan, 'format' | 'fingerprint' | 'config'> & { config: Config }): Plan {
  const plain = JSON.parse(JSON.stringify(draft)) as Omit<Plan, 'format' | 'fingerprint'>;
  return planSchema.parse({ format: 'facesieve plan 1', fingerprint: fingerprintOf(plain), ...plain });
}

/** A folder of parts in the source would be read as a part of it. */
function refuseInside(source: string, exchange: string): void {
  if (!holds(realPlace(source), realPlace(exchange))) return;
  throw new UsageError(`--exchange "${exchange}" lies in the source.`, ['Name a folder beside it.']);
}

async function modelFor(config: Config): Promise<Plan['model']> {
  if (!isFrozen(config.model.backbone)) return undefined;
  const model = frozenModel(config);
  return { sha256: model.sha256, batch: await batchOf(model, config) };
}

/** The plan that lies in the folder when it is the one that is asked for; another one is refused, or removed with its parts. */
function oldPlan({ exchange, force }: PlanRequest, draft: Plan): Plan | undefined {
  const names = existsSync(exchange) ? readdirSync(exchange) : [];
  if (existsSync(planFile(exchange)) && !force) {
    const old = readPlan(exchange);
    if (old.fingerprint === draft.fingerprint) return old;
    throw new UsageError(`"${exchange}" holds another plan, of "${old.ingest.source}" in ${old.shards} shards.`, [
      'Choose another folder, or add --force: that deletes the plan and all that was made by it.',
    ]);
  }
  const folders = [...partFolders({ steps: plannedSteps(1, true) })];
  const foreign = names.filter((name) => ![...folders, 'plan.json', 'logs'].includes(name) && !isScheduling(name));
  if (foreign.length > 0)
    throw new PathError(`"${exchange}" holds files that are not of a plan, such as "${foreign[0]}".`, [
      'Choose a new folder with --exchange.',
    ]);
  for (const name of ['plan.json', ...folders]) rmSync(join(exchange, name), { recursive: true, force: true });
  return undefined;
}

const isScheduling = (name: string): boolean => /^(submit\.sh|step\.sh|[0-9]+-[a-z]+\.yaml|\.facesieve-.*)$/.test(name);

async function countImages({ progress, signal }: PlanRequest, { entries }: IngestRequest): Promise<number> {
  const show = counted(progress, 'plan', { what: 'files counted' });
  let [files, images] = [0, 0];
  for await (const { refusal } of entries()) {
    if (!refusal) images++;
    if (++files % 1000 > 0) continue;
    throwIfInterrupted(signal);
    show(files);
  }
  return images;
}

/** Writes the list of each shard; image k of `images` belongs to shard floor(k n / images). */
async function writeLists(
  { exchange, progress, signal, source }: PlanRequest,
  draft: Plan,
  { entries, understood }: IngestRequest,
  images: number,
): Promise<Plan> {
  if (images === 0) throw new EmptyInputError(`Nothing in "${source}" is an image of somebody.`, understood().warnings);
  const { shards } = draft;
  const counts: number[] = [];
  const show = counted(progress, 'plan', { what: 'images listed', total: images });
  const all = distinct(entries())[Symbol.asyncIterator]();
  let [taken, next] = [0, await all.next()];
  for (let shard = 0; shard < shards; shard++) {
    const end = shard === shards - 1 ? Infinity : Math.ceil(((shard + 1) * images) / shards);
    await writePlannedPart(draft, exchange, LIST, shard, async (part) => {
      const list = new EntryList(part);
      for (; !next.done; next = await all.next()) {
        if (!next.value.refusal && taken >= end) break;
        if (!next.value.refusal && ++taken % 1000 === 0) show(taken);
        throwIfInterrupted(signal);
        list.add(next.value);
      }
      const rows = list.end();
      counts.push(rows);
      return rows;
    });
  }
  return { ...draft, images, entries: counts.reduce((sum, n) => sum + n, 0), counts, understood: understood() };
}

/** Entries each under a path of its own, as ingest names them. */
async function* distinct(entries: AsyncIterable<RoledEntry>): AsyncGenerator<RoledEntry> {
  const known = Array.from({ length: 256 }, () => new Set<string>()); // one set holds 2^24 entries at most
  const nextNumbers = new Map<string, number>();
  const setOf = (hash: string): Set<string> => known[hash.charCodeAt(0)];
  const hashOf = (path: string): string => createHash('sha1').update(path).digest().toString('latin1', 0, 10);
  const isKnown = (path: string): boolean => setOf(hashOf(path)).has(hashOf(path));
  for await (const entry of entries) {
    const [named] = namedOnce([entry], isKnown, nextNumbers);
    setOf(hashOf(named.path)).add(hashOf(named.path));
    yield named;
  }
}
