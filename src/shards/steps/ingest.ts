import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { piecesOf } from '../../core/checksum.js';
import { cropBytes } from '../../core/crop-geometry.js';
import { tryFaceFinder } from '../../faces/face-finder.js';
import { faceModels, nameOfFaceModels } from '../../model/frozen/face-models.js';
import type { FaceModels } from '../../core/face-models.js';
import { cropEntries, startOrResume } from '../../pipeline/ingest.js';
import { cropFileOf } from '../../workspace/dataset.js';
import { countImages } from '../../workspace/images.js';
import { ingestedImages } from '../../workspace/ingested-images.js';
import { openWorkspace, type Workspace } from '../../workspace/workspace.js';
import { listedEntries } from '../entry-rows.js';
import { PlanError } from '../errors.js';
import { LIST } from '../plan.js';
import { openPlannedPart, writePlannedPart } from '../planned-part.js';
import type { Step, Task } from '../step.js';

/** Reads, hashes and crops the files of one shard, in a small workspace of its own; its crops and rows are the part. */
export const ingestStep: Step = {
  name: 'ingest',
  kind: 'map',
  reads: [LIST],
  writes: 'ingest',
  async run(task) {
    const models = modelsOf(task);
    if (models) await tryFaceFinder(models);
    const folder = join(task.scratch, `${task.plan.fingerprint}-ingest-${task.shard}`);
    const workspace = openWorkspace(folder);
    try {
      await cropShard(task, workspace, models);
      await writeRows(task, workspace);
    } finally {
      workspace.close();
    }
    rmSync(folder, { recursive: true, force: true });
  },
};

/** Networks that find faces. @throws PlanError when this machine has others than those that were planned with */
function modelsOf({ plan: { ingest }, config }: Task): FaceModels | undefined {
  if (ingest.crop.align !== 'auto') return undefined;
  const models = faceModels(config.model.backbone);
  if (nameOfFaceModels(models) === ingest.crop.faces) return models;
  throw new PlanError('The networks that find faces on this machine are not those that the work was planned with.', [
    'Pull the same version of the model on all machines, or share one folder of models (FACESIEVE_CACHE).',
  ]);
}

async function cropShard(task: Task, workspace: Workspace, models: FaceModels | undefined): Promise<void> {
  const { plan, config, exchange, shard, progress, signal } = task;
  if (plan.counts[shard] === 0) return;
  const list = openPlannedPart(plan, exchange, LIST, shard);
  try {
    const context = { workspace, config, progress, signal, force: false };
    const done = startOrResume(context, `${plan.fingerprint}-ingest-${shard}`);
    await cropEntries(context, { crop: plan.ingest.crop, models }, asAsync(listedEntries(list)), done);
  } finally {
    list.close();
  }
}

async function* asAsync<T>(values: Iterable<T>): AsyncGenerator<T> {
  yield* values;
}

/** Crops as they lie in the file, then the rows of the images without their numbers, which the merge gives. */
function writeRows({ plan, exchange, shard }: Task, workspace: Workspace): Promise<void> {
  const { images: rows, crops } = countImages(workspace);
  const bytes = cropBytes(plan.ingest.crop.size);
  return writePlannedPart(plan, exchange, 'ingest', shard, (part) => {
    part.begin('crops');
    if (crops > 0)
      for (const piece of piecesOf(cropFileOf(workspace), 64 * bytes)) part.append(piece, piece.length / bytes);
    part.lines('images', ingestedImages(workspace));
    return rows;
  });
}
