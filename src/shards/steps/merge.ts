import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import { throwIfInterrupted } from '../../core/interrupt.js';
import { counted } from '../../core/progress.js';
import { CropWriter } from '../../images/crop-file.js';
import { type Features, keepFeatures } from '../../model/frozen/features.js';
import { featuresName, frozenModel } from '../../model/frozen/frozen-model.js';
import { packNotice } from '../../model/frozen/insightface/find-pack.js';
import { embed } from '../../pipeline/embed.js';
import { ingestResult, rememberSources, startOrResume } from '../../pipeline/ingest.js';
import { refuseOtherSource } from '../../pipeline/ingest/owner.js';
import { sift } from '../../pipeline/sift.js';
import { train } from '../../pipeline/train.js';
import { cropFileOf, currentFingerprint } from '../../workspace/dataset.js';
import { featureFileOf } from '../../workspace/embedding-file.js';
import { type Forgotten, readForgotten } from '../../workspace/erase/tombstones.js';
import { countImages } from '../../workspace/images.js';
import { type IngestedImage, insertIngested } from '../../workspace/ingested-images.js';
import { doOnce, sayOnce, type StageContext } from '../../workspace/stage.js';
import { openWorkspace } from '../../workspace/workspace.js';
import { PlanError } from '../errors.js';
import { cropOffsets, openIngestPart } from '../ingest-parts.js';
import type { PartReader } from '../part-reader.js';
import { firstEntry, type Plan } from '../plan.js';
import { openPlannedPart, writePlannedPart } from '../planned-part.js';
import type { Step, Task } from '../step.js';
import { shareOf } from './embed.js';

/**
 * Joins all parts into an ordinary workspace, as `facesieve run` would have made it, then trains, embeds and sifts there.
 * Interrupted, it goes on where it stopped.
 */
export const mergeStep: Step = {
  name: 'merge',
  kind: 'reduce',
  reads: ['ingest', 'embed'],
  writes: 'workspace',
  async run(task) {
    const { plan, config, progress, signal } = task;
    const workspace = openWorkspace(task.workspace);
    try {
      const context: StageContext = { workspace, config, progress, signal, force: false };
      refuseOtherSource(workspace, plan.ingest.source, false);
      sayOnce(context, packNotice(config.model.backbone));
      await joinImages(task, context);
      if (plan.model) joinFeatures(task, context);
      await train(context);
      await embed(context);
      await sift(context);
      await leaveMarker(task, workspace.folder);
    } finally {
      workspace.close();
    }
  },
};

/** Leaves what the stage ingest leaves, under its key. */
async function joinImages({ plan, exchange }: Task, context: StageContext): Promise<void> {
  const { workspace, config, progress, signal } = context;
  const { ingest: inputs, understood } = plan;
  await doOnce(context, 'ingest', inputs, (key) => {
    requireParts(plan, exchange);
    const done = resumeAtPart(context, plan, key);
    rememberSources(workspace, config, inputs);
    const show = counted(progress, 'merge', { what: 'files', total: plan.entries, before: done });
    const forgotten = readForgotten(workspace);
    for (let shard = 0; shard < plan.shards; shard++) {
      const end = firstEntry(plan, shard + 1);
      if (end <= done) continue;
      joinPart(context, plan, openIngestPart(plan, exchange, shard), forgotten);
      show(end);
      throwIfInterrupted(signal);
    }
    return ingestResult(workspace, config, inputs.source, understood);
  });
}

/** @throws NotYetError, PartError naming a part that is missing or cut short, before anything is joined */
function requireParts(plan: Plan, exchange: string): void {
  const crops = cropOffsets(plan, exchange).at(-1)!;
  if (plan.model) for (let shard = 0; shard < plan.shards; shard++) openEmbedPart(plan, exchange, crops, shard).close();
}

/** The part that embed made of `shard`, where there are `crops` in all. @throws NotYetError, PartError */
function openEmbedPart(plan: Plan, exchange: string, crops: number, shard: number): PartReader {
  const { from, to } = shareOf(plan, crops, shard);
  return openPlannedPart(plan, exchange, 'embed', shard, to - from);
}

/** Number of entries that were joined before: parts are joined whole. What an `ingest` without shards began is cleared away. */
function resumeAtPart(context: StageContext, plan: Plan, key: string): number {
  const done = startOrResume(context, key);
  const isWhole = plan.counts.some((_, shard) => firstEntry(plan, shard + 1) === done);
  return isWhole || done === 0 ? done : startOrResume({ ...context, force: true }, key);
}

/** Appends the crops of `part`, then its rows: a row must never point at bytes that are not there. */
function joinPart({ workspace }: StageContext, plan: Plan, part: PartReader, forgotten: Forgotten): void {
  const before = countImages(workspace);
  const writer = new CropWriter(cropFileOf(workspace), plan.ingest.crop.size, before.crops);
  try {
    for (const piece of part.pieces('crops')) writer.append(piece);
    writer.flush();
    const images = [...part.lines('images')] as IngestedImage[];
    refuseForgotten(images, forgotten, workspace.folder);
    insertIngested(workspace, images, before);
  } finally {
    writer.close();
    part.close();
  }
}

/** @throws PlanError when a part holds what was forgotten in this workspace: it must not come back */
function refuseForgotten(images: readonly IngestedImage[], { named, withBytes }: Forgotten, folder: string): void {
  const back = images.find(({ path, identity, sha256 }) => named(path, identity) ?? withBytes(sha256, path));
  if (back === undefined) return;
  throw new PlanError(`The parts hold images that were forgotten in the workspace "${folder}".`, [
    'Delete the exchange folder, take these images out of the source, and plan again; or ingest the source in this workspace: facesieve ingest SOURCE',
  ]);
}

/** Stores the features of all crops under the name that training looks for. */
function joinFeatures({ plan, exchange, config }: Task, { workspace, progress }: StageContext): void {
  const model = frozenModel(config);
  const file = featureFileOf(workspace, featuresName(model, currentFingerprint(workspace)));
  if (existsSync(file)) return;
  const crops = countImages(workspace).crops;
  const show = counted(progress, 'merge', { what: 'crops', total: crops });
  let features: Features | undefined;
  for (let shard = 0; shard < plan.shards; shard++) {
    const { from, to } = shareOf(plan, crops, shard);
    const part = openEmbedPart(plan, exchange, crops, shard);
    try {
      features ??= emptyFeatures(part, crops);
      for (const way of ['upright', 'mirrored'] as const)
        copyValues(part, way, features[way], from * features.dimensions);
    } finally {
      part.close();
    }
    show(to);
  }
  keepFeatures(model, features!, file);
}

function emptyFeatures(part: PartReader, crops: number): Features {
  const dimensions = part.bytes('upright') / 4 / part.head.rows;
  const rows = (): Float32Array => new Float32Array(crops * dimensions);
  return { dimensions, upright: rows(), mirrored: rows() };
}

/** Copies the float32 values of section `name` into `target` from `start` on. */
function copyValues(part: PartReader, name: string, target: Float32Array, start: number): void {
  const bytes = new Uint8Array(target.buffer, target.byteOffset + 4 * start, part.bytes(name));
  let done = 0;
  for (const piece of part.pieces(name)) {
    bytes.set(piece, done);
    done += piece.length;
  }
}

/** Tells `status` where the workspace is. The workspace itself says what is done in it. */
const leaveMarker = ({ plan, exchange }: Task, folder: string): Promise<void> =>
  writePlannedPart(plan, exchange, 'merge', 0, (part) => {
    part.lines('workspace', [{ host: hostname(), folder }]);
    return plan.entries;
  });
