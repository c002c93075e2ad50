import { resolve } from 'node:path';
import { type Config, packName } from '../core/config.js';
import { type CropGeometry, cropGeometry } from '../core/crop-geometry.js';
import { EmptyInputError } from '../core/errors.js';
import { tryFaceFinder } from '../faces/face-finder.js';
import { faceModels, nameOfFaceModels } from '../model/frozen/face-models.js';
import { withFullPath, packNotice } from '../model/frozen/insightface/find-pack.js';
import { Findings } from '../formats/dataset/findings.js';
import { openSources, type SourceSettings, sourceSettings } from '../formats/dataset/open-sources.js';
import { countImages, startImages } from '../workspace/images.js';
import { sayOnce, doOnce, type StageContext, type StageOutcome } from '../workspace/stage.js';
import { deleteFact, readFact, writeFact } from '../workspace/workspace.js';
import { refuseOtherSource } from './ingest/owner.js';
import { openCropPool } from './ingest/crop-pool.js';
import { packEntries, type RoledEntry } from './ingest/pack-entries.js';
import type { IngestResult } from '../workspace/results.js';
import { summariseIngest } from '../workspace/ingest-summary.js';
import { quantity } from '../core/text/quantity.js';

export type { IngestResult };

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
  const models = config.ingest.align === 'auto' ? faceModels(config.model.backbone) : undefined;
  const settings = sourceSettings(config, source, config.ingest.also);
  const findings = new Findings();
  const set = await openSources(settings, progress, findings);
  const referenceSettings =
    config.ingest.reference === undefined ? undefined : sourceSettings(config, config.ingest.reference);
  const reference = referenceSettings && (await openSources(referenceSettings, progress));
  const inputs = {
    ...settings,
    stamp: await set.stamp(),
    reference: reference && [config.ingest.reference, await reference.stamp()],
    crop: { ...cropGeometry(config), faces: models && nameOfFaceModels(models) },
    maxPixels: config.ingest.maxPixels,
  };
  return doOnce(context, 'ingest', inputs, async (key) => {
    if (models) await tryFaceFinder(models);
    const done = startOrResume(context, key);
    rememberSources(context, settings, config, inputs.crop);
    const pool = openCropPool({ geometry: inputs.crop, ...config.ingest, models }, config.threads);
    try {
      await packEntries(context, pool, roled(set, reference), done);
    } finally {
      await pool.close();
    }
    const result = summariseIngest(workspace, config.ingest.size, findings.understood());
    if (result.images === 0)
      throw new EmptyInputError(`Nothing in "${source}" is a readable image of somebody.`, [
        ...result.notUsed.slice(0, 3).map(({ reason, count }) => `${quantity(count, 'time')}: ${reason}`),
        ...findings.understood().warnings,
      ]);
    return result;
  });
}

/** Number of entries that an interrupted ingest of the same key has done; anything else is cleared away. */
function startOrResume({ workspace, force }: StageContext, key: string): number {
  if (!force && readFact(workspace, 'ingest:key') === key) return countImages(workspace).images;
  startImages(workspace, key);
  return 0;
}

/** What later stages need to know of where images came from. */
function rememberSources(
  { workspace }: StageContext,
  settings: SourceSettings,
  config: Config,
  crop: CropGeometry,
): void {
  writeFact(workspace, 'source', settings.source);
  writeFact(workspace, 'sources', JSON.stringify(settings));
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
