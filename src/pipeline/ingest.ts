import { resolve } from 'node:path';
import { type Config, packName } from '../core/config.js';
import { type CropGeometry, cropGeometry } from '../core/crop-geometry.js';
import { EmptyInputError } from '../core/errors.js';
import type { FaceModels } from '../core/face-models.js';
import type { Progress } from '../core/progress.js';
import type { Understood } from '../core/understood.js';
import { tryFaceFinder } from '../faces/face-finder.js';
import { faceModels, nameOfFaceModels } from '../model/frozen/face-models.js';
import { withFullPath, packNotice } from '../model/frozen/insightface/find-pack.js';
import { Findings } from '../formats/dataset/findings.js';
import { openSources, type SourceSettings, sourceSettings } from '../formats/dataset/open-sources.js';
import { countImages, startImages } from '../workspace/images.js';
import { sayOnce, doOnce, type StageContext, type StageOutcome } from '../workspace/stage.js';
import { deleteFact, readFact, type Workspace, writeFact } from '../workspace/workspace.js';
import { refuseOtherSource } from './ingest/owner.js';
import { openCropPool } from './ingest/crop-pool.js';
import { packEntries, type RoledEntry } from './ingest/pack-entries.js';
import type { IngestResult } from '../workspace/results.js';
import { summariseIngest } from '../workspace/ingest-summary.js';
import { quantity } from '../core/text/quantity.js';

export type { IngestResult };

/** What an ingest would do: its sources, opened, and the names of all that its result depends on. */
export interface IngestRequest {
  /** What the key of the work is made of; JSON. */
  inputs: IngestInputs;
  models: FaceModels | undefined;
  /** The set's entries, then the reference set's. */
  entries(): AsyncIterable<RoledEntry>;
  /** What the readers understand of the sources, once all entries were read. */
  understood(): Understood;
}

export interface IngestInputs extends SourceSettings {
  stamp: string;
  reference?: [path: string, stamp: string];
  crop: CropGeometry;
  maxPixels: number;
}

/** Opens the sources of an ingest of `source`. @throws PathError, FormatError, EmptyInputError, MissingStageError */
export async function openIngest(config: Config, source: string, progress: Progress): Promise<IngestRequest> {
  const models = config.ingest.align === 'auto' ? faceModels(config.model.backbone) : undefined;
  const settings = sourceSettings(config, source, config.ingest.also);
  const findings = new Findings();
  const set = await openSources(settings, progress, findings);
  const other = config.ingest.reference;
  const reference = other === undefined ? undefined : await openSources(sourceSettings(config, other), progress);
  const inputs: IngestInputs = {
    ...settings,
    stamp: await set.stamp(),
    reference: reference && [other!, await reference.stamp()],
    crop: { ...cropGeometry(config), faces: models && nameOfFaceModels(models) },
    maxPixels: config.ingest.maxPixels,
  };
  return {
    ...{ inputs, models },
    entries: () => roled(set, reference),
    understood: () => findings.understood(),
  };
}

/**
 * Reads, checks, hashes, crops and packs every image of `source`. An interrupted ingest goes on where it stopped.
 * @param forceSource take over a workspace that belongs to another source
 */
export async function ingest(
  context: StageContext,
  source: string,
  { forceSource = false }: { forceSource?: boolean } = {},
): Promise<StageOutcome<IngestResult>> {
  const { workspace, config, progress } = context;
  refuseOtherSource(workspace, source, forceSource);
  sayOnce(context, packNotice(config.model.backbone));
  const { inputs, models, entries, understood } = await openIngest(config, source, progress);
  return doOnce(context, 'ingest', inputs, async (key) => {
    if (models) await tryFaceFinder(models);
    const done = startOrResume(context, key);
    rememberSources(workspace, config, inputs);
    await cropEntries(context, { crop: inputs.crop, models }, entries(), done);
    return ingestResult(workspace, config, source, understood());
  });
}

/** Crops all `entries` but the first `done` into the workspace. */
export async function cropEntries(
  context: StageContext,
  { crop, models }: Pick<IngestInputs, 'crop'> & Pick<IngestRequest, 'models'>,
  entries: AsyncIterable<RoledEntry>,
  done: number,
): Promise<void> {
  const pool = openCropPool({ geometry: crop, ...context.config.ingest, models }, context.config.threads);
  try {
    await packEntries(context, pool, entries, done);
  } finally {
    await pool.close();
  }
}

/** What an ingest that is done left in the workspace. @throws EmptyInputError when no image can be used */
export function ingestResult(
  workspace: Workspace,
  config: Config,
  source: string,
  understood: Understood,
): IngestResult {
  const result = summariseIngest(workspace, config.ingest.size, understood);
  if (result.images > 0) return result;
  throw new EmptyInputError(`Nothing in "${source}" is a readable image of somebody.`, [
    ...result.notUsed.slice(0, 3).map(({ reason, count }) => `${quantity(count, 'time')}: ${reason}`),
    ...understood.warnings,
  ]);
}

/** Number of entries that an interrupted ingest of the same key has done; anything else is cleared away. */
export function startOrResume({ workspace, force }: StageContext, key: string): number {
  if (!force && readFact(workspace, 'ingest:key') === key) return countImages(workspace).images;
  startImages(workspace, key);
  return 0;
}

/** What later stages need to know of where images came from. */
export function rememberSources(workspace: Workspace, config: Config, inputs: IngestInputs): void {
  const { source, also, format, options, crop } = inputs;
  writeFact(workspace, 'source', source);
  writeFact(workspace, 'sources', JSON.stringify({ source, also, format, options }));
  writeFact(workspace, 'crop', JSON.stringify(crop));
  writeFact(
    workspace,
    'faces by',
    packName(config.model.backbone) === undefined ? '' : withFullPath(config.model.backbone),
  );
  if (config.ingest.reference === undefined) deleteFact(workspace, 'reference');
  else writeFact(workspace, 'reference', resolve(config.ingest.reference));
}

type Opened = Awaited<ReturnType<typeof openSources>>;

/** The set's entries, then the reference set's. */
async function* roled(set: Opened, reference: Opened | undefined): AsyncGenerator<RoledEntry> {
  for await (const entry of set.entries()) yield { ...entry, role: 'set' };
  if (reference)
    for await (const entry of reference.entries())
      yield { ...entry, path: `@reference/${entry.path}`, role: 'reference' };
}
