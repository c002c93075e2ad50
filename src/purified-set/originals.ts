import { closeSync, openSync, realpathSync, rmSync } from 'node:fs';
import { PRIVATE_FILE, writeFully } from '../core/atomic-write.js';
import { readFully } from '../core/read-fully.js';
import type { Config } from '../core/config.js';
import { counted, type Progress, silentProgress } from '../core/progress.js';
import { FormatError } from '../core/errors.js';
import { sha256 } from '../core/fingerprint.js';
import type { CroppedImage } from '../core/records.js';
import { nameOfBytes, toPath } from '../core/undecoded-name.js';
import { readPlace } from '../formats/dataset/read-place.js';
import { openSources } from '../formats/dataset/open-sources.js';
import type { Place, Source } from '../formats/dataset/reader.js';
import { SPOOL, type Workspace } from '../workspace/workspace.js';
import { originsOf } from './target.js';

/** The bytes that were ingested, out of whatever kind of source. */
export interface Originals {
  /** The file that holds the image and nothing else, if there is one. */
  fileOf(image: CroppedImage): string | undefined;
  /** @throws FormatError when the source has changed since */
  read(image: CroppedImage): Promise<Uint8Array>;
  close(): void;
}

/**
 * Sources that can only be read through (compressed archives, parquet) are read through once more, and what is wanted
 * of them is put in a temporary file.
 */
export async function openOriginals(
  workspace: Workspace,
  images: readonly CroppedImage[],
  config: Config,
  progress: Progress,
): Promise<Originals> {
  const streamed = new Set(images.filter(({ place }) => place === null).map(({ path }) => path));
  const spool = streamed.size > 0 ? await spoolOf(workspace, streamed, progress) : undefined;
  const readAgain = (path: string, place: Place): Uint8Array => {
    try {
      return readPlace(place, config.ingest.maxFileBytes);
    } catch (error) {
      throw changed(path, (error as Error).message);
    }
  };
  return {
    fileOf({ path, place }) {
      const { file, offset } = place === null ? ({} as Partial<Place>) : (JSON.parse(place) as Place);
      return file === undefined || offset !== undefined ? undefined : realFile(path, file);
    },
    read({ path, place, sha256: expected }) {
      const bytes = place === null ? spool!.read(path) : readAgain(path, JSON.parse(place) as Place);
      if (bytes === undefined || sha256(bytes) !== expected) throw changed(path, 'it holds something else now');
      return Promise.resolve(bytes);
    },
    close: () => spool?.close(),
  };
}

/** The file itself: a link to a link would break with the first. */
function realFile(path: string, file: string): string {
  try {
    const real = toPath(file);
    return typeof real === 'string' ? realpathSync(real) : nameOfBytes(realpathSync.native(real, 'buffer'));
  } catch {
    throw changed(path, `"${file}" is not there`);
  }
}

const changed = (path: string, why: string): FormatError =>
  new FormatError(`"${path}" is not what was ingested any more: ${why}.`, [
    'Run the same `facesieve ingest` again, then the stages after it.',
  ]);

interface Spool {
  read(path: string): Uint8Array | undefined;
  close(): void;
}

async function spoolOf(workspace: Workspace, wanted: ReadonlySet<string>, progress: Progress): Promise<Spool> {
  const source = await openSources(originsOf(workspace).sources, silentProgress);
  const file = workspace.file(...SPOOL);
  const handle = openSync(file, 'w+', PRIVATE_FILE);
  const close = (): void => {
    closeSync(handle);
    rmSync(file, { force: true });
  };
  try {
    const places = await fillSpool(handle, source, wanted, progress);
    return {
      read(path) {
        const place = places.get(path);
        return place && readFully(handle, place.offset, new Uint8Array(place.length), file);
      },
      close,
    };
  } catch (error) {
    close();
    throw error;
  }
}

async function fillSpool(
  handle: number,
  source: Source,
  wanted: ReadonlySet<string>,
  progress: Progress,
): Promise<Map<string, { offset: number; length: number }>> {
  const places = new Map<string, { offset: number; length: number }>();
  let offset = 0;
  const show = counted(progress, 'purify', { what: 'originals found', total: wanted.size });
  for await (const { path, bytes: given, place } of source.entries()) {
    if (!wanted.has(path) || places.has(path)) continue;
    const bytes = given ?? (place && readPlace(place, place.length ?? Infinity)); // it had no place when it was ingested
    if (bytes === undefined) continue;
    writeFully(handle, bytes, offset);
    places.set(path, { offset, length: bytes.length });
    offset += bytes.length;
    show(places.size);
  }
  return places;
}
