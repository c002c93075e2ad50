import { counted } from '../../core/progress.js';
import { crc32c } from '../../core/checksum.js';
import { throwIfInterrupted } from '../../core/interrupt.js';
import type { CropRow, ImageRow } from '../../core/records.js';
import { CropWriter } from '../../images/crop-file.js';
import type { Refusal, SourceEntry } from '../../formats/dataset/reader.js';
import { cropFileOf } from '../../workspace/dataset.js';
import { type Tombstone, readForgotten } from '../../workspace/erase/tombstones.js';
import { countImages, hasPath, insertImages } from '../../workspace/images.js';
import type { StageContext } from '../../workspace/stage.js';
import type { CropPool, CroppedFile } from './crop-pool.js';

export type RoledEntry = SourceEntry & Pick<ImageRow, 'role'>;

/** Entries cropped between two commits: what an interruption costs at most. Bytes that came with them count too. */
const CHUNK = 128;
const CHUNK_BYTES = 32 << 20;

/** Crops all entries but the first `done`, and commits them with their crops chunk by chunk, in order. */
export async function packEntries(
  context: StageContext,
  pool: CropPool,
  entries: AsyncIterable<RoledEntry>,
  done: number,
): Promise<void> {
  const { workspace, config, progress, signal } = context;
  const writer = new CropWriter(cropFileOf(workspace), config.ingest.size, countImages(workspace).crops);
  const forgotten = readForgotten(workspace);
  const nextNumbers = new Map<string, number>();
  let seen = 0;
  const show = counted(progress, 'ingest', { what: 'files', before: done });
  try {
    for await (const chunk of chunks(skipFirst(entries, done))) {
      throwIfInterrupted(signal);
      const known = chunk.map((entry) => withTombstone(entry, forgotten.named(entry.path, entry.identity)));
      const named = namedOnce(known, (path) => hasPath(workspace, path), nextNumbers);
      const cropped = await cropEntries(named, pool);
      const tombstones = cropped.map(({ sha256 }, i) => forgotten.withBytes(sha256, named[i].path));
      commit(
        context,
        writer,
        named.map((entry, i) => withTombstone(entry, tombstones[i])),
        cropped.map((file, i) => (tombstones[i] ? unused({ state: 'skipped', reason: tombstones[i].reason }) : file)),
      );
      seen += chunk.length;
      show(done + seen);
    }
  } finally {
    writer.close();
  }
}

/** Of what was forgotten only that stays: neither its name nor whose it is. */
const withTombstone = (entry: RoledEntry, tombstone: Tombstone | undefined): RoledEntry =>
  tombstone
    ? { path: tombstone.path, identity: '', role: entry.role, refusal: { state: 'skipped', reason: tombstone.reason } }
    : entry;

const unused = ({ state, reason }: Refusal): CroppedFile => ({
  ...{ sha256: null, width: null, height: null, dhash: null, crops: [] },
  ...{ state, error: reason },
});

/** What became of each entry; those that are refused already are not opened. */
async function cropEntries(entries: readonly RoledEntry[], pool: CropPool): Promise<CroppedFile[]> {
  const cropped = await pool.crop(entries.filter(({ refusal }) => !refusal));
  let next = 0;
  return entries.map(({ refusal }) => (refusal ? unused(refusal) : cropped[next++]));
}

/** Writes the crops and then the rows: a row must never point at bytes that are not there. */
function commit(
  { workspace }: StageContext,
  writer: CropWriter,
  entries: readonly RoledEntry[],
  cropped: readonly CroppedFile[],
): void {
  const counted = countImages(workspace);
  let slot = counted.crops;
  const cropRows: CropRow[] = [];
  const rows = cropped.map(({ crops, ...file }, i): ImageRow => {
    const { path, identity, role, place } = entries[i];
    const id = counted.images + i;
    const first = crops.length > 0 ? slot : null;
    crops.forEach(({ crop, facts }, face) => {
      writer.append(crop);
      cropRows.push({ slot: slot++, image: id, face, facts, crc: crc32c(crop) });
    });
    return { ...file, id, path, identity, role, slot: first, place: place ? JSON.stringify(place) : null };
  });
  writer.flush();
  insertImages(workspace, rows, cropRows);
}

async function* skipFirst(entries: AsyncIterable<RoledEntry>, count: number): AsyncGenerator<RoledEntry> {
  let seen = 0;
  for await (const entry of entries) if (seen++ >= count) yield entry;
}

async function* chunks(entries: AsyncIterable<RoledEntry>): AsyncGenerator<RoledEntry[]> {
  let chunk: RoledEntry[] = [];
  let bytes = 0;
  for await (const entry of entries) {
    chunk.push(entry);
    bytes += entry.bytes?.length ?? 0;
    if (chunk.length < CHUNK && bytes < CHUNK_BYTES) continue;
    yield chunk;
    [chunk, bytes] = [[], 0];
  }
  if (chunk.length > 0) yield chunk;
}

/**
 * A path that comes a second time is refused: it could not be told from the first.
 * @param nextNumbers of paths that came before, the number that the next one gets: kept from chunk to chunk
 */
export function namedOnce<E extends SourceEntry>(
  chunk: readonly E[],
  isKnown: (path: string) => boolean,
  nextNumbers: Map<string, number>,
): E[] {
  const here = new Set<string>();
  return chunk.map((entry) => {
    const taken = (path: string): boolean => here.has(path) || isKnown(path);
    let path = entry.path;
    let number = nextNumbers.get(entry.path) ?? 2;
    while (taken(path)) path = `${entry.path} (${number++})`;
    here.add(path);
    if (path === entry.path) return entry;
    nextNumbers.set(entry.path, number);
    const refusal = { state: 'skipped' as const, reason: 'the source names the same path twice' };
    return { ...entry, path, place: undefined, bytes: undefined, refusal };
  });
}
