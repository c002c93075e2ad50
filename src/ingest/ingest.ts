import { resolve } from 'node:path';
import pMap from 'p-map';
import { EmptyInputError } from '../core/errors.js';
import { throwIfInterrupted } from '../core/interrupt.js';
import { CropWriter } from '../images/crop-file.js';
import { cropFileOf } from '../store/dataset.js';
import { allImages, clearImages, identitiesOf, insertImages } from '../store/images.js';
import { doOnce, type StageContext, type StageOutcome } from '../store/stages.js';
import { readFact, type Workspace, writeFact } from '../store/workspace.js';
import { cropEntry, cropGeometry } from './crop-entry.js';
import type { SourceEntry } from './reader.js';
import { readerFor } from './readers.js';

export interface IngestResult {
  images: number;
  identities: number;
  unreadable: number;
  duplicates: number;
  noFace: number;
  skipped: number;
}

/** Files decoded between two commits: what an interruption costs at most. */
const CHUNK = 128;

/** Reads, checks, hashes and packs every image of `source`. An interrupted ingest goes on where it stopped. */
export async function ingest(context: StageContext, source: string): Promise<StageOutcome<IngestResult>> {
  const { workspace, config, progress } = context;
  const { reader, because } = readerFor(source, config.format);
  progress.note(`ingest: reading "${source}" as ${reader.name}: ${because}`);
  const { entries, skipped } = await reader.list(source);
  const inputs = {
    source: resolve(source),
    files: entries.map(({ path, stamp }) => [path, stamp]),
    crop: cropGeometry(config),
    maxPixels: config.maxPixels,
  };
  return doOnce(context, 'ingest', inputs, async (key) => {
    const done = startOrResume(context, key);
    writeFact(workspace, 'source', resolve(source));
    writeFact(workspace, 'crop', JSON.stringify(cropGeometry(config)));
    await packEntries(context, entries, done);
    const result = summarise(workspace, skipped);
    if (result.images === 0)
      throw new EmptyInputError(`None of the ${entries.length} files in "${source}" is a readable image.`, [
        'Run with --json or look at `doctor` if these formats should be readable here.',
      ]);
    return result;
  });
}

/** Number of entries that an interrupted ingest of the same key has done; anything else is cleared away. */
function startOrResume({ workspace, force }: StageContext, key: string): number {
  if (!force && readFact(workspace, 'ingest:key') === key) return allImages(workspace).length;
  workspace.database.transaction(() => {
    clearImages(workspace);
    workspace.database.exec("DELETE FROM stages WHERE stage = 'ingest'");
    writeFact(workspace, 'ingest:key', key);
  })();
  return 0;
}

async function packEntries(context: StageContext, entries: readonly SourceEntry[], done: number): Promise<void> {
  const { workspace, config, progress, signal } = context;
  let slots = allImages(workspace).filter(({ slot }) => slot !== null).length;
  const writer = new CropWriter(cropFileOf(workspace), config.size, slots);
  try {
    for (let at = done; at < entries.length; at += CHUNK) {
      throwIfInterrupted(signal);
      const chunk = entries.slice(at, at + CHUNK);
      const cropped = await pMap(chunk, (entry) => cropEntry(entry, config), { concurrency: 2 * config.threads });
      const rows = cropped.map(({ crop, ...row }, i) => {
        if (crop) writer.append(crop);
        return { ...row, id: at + i, slot: crop ? slots++ : null };
      });
      writer.flush(); // crops first: a row must never point at bytes that are not there
      insertImages(workspace, rows);
      progress.update('ingest', `${Math.min(at + CHUNK, entries.length)} of ${entries.length} files`);
    }
  } finally {
    writer.close();
  }
}

function summarise(workspace: Workspace, skipped: number): IngestResult {
  const rows = allImages(workspace);
  const readable = rows.filter(({ slot }) => slot !== null);
  return {
    images: readable.length,
    identities: identitiesOf(readable).length,
    unreadable: rows.length - readable.length,
    duplicates: readable.length - new Set(readable.map(({ sha256 }) => sha256)).size,
    noFace: 0,
    skipped,
  };
}
