import { basename } from 'node:path';
import { pipeline, Transform } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { extract, type Header } from 'tar-stream';
import { streamRegular, readBeginning } from '../../core/regular-file.js';
import { nameOfBytes, shownPath } from '../../core/undecoded-name.js';
import type { Refusal } from './reader.js';
import { unsafeName } from './safe-path.js';

/** A file of an archive, or why it is not read. */
export interface ArchiveFile {
  /** Names that are no UTF-8 are escaped. */
  name: string;
  /** None when they were not wanted. */
  bytes: Uint8Array;
  refusal?: Refusal;
}

/** A stream that unpacks to more than so many times its size, and to more than so many bytes, is a bomb. */
const BOMB_RATIO = 100;
const BOMB_BYTES = 64 << 20;

/** Bytes without a file, of headers or of nothing, after which an archive is given up: headers are kept in memory. */
const MOST_BETWEEN = 16 << 20;
const BLOCK = 512;

/**
 * The files of a tar archive, gzipped or not, in order. What it says of links, paths and sizes is not believed: such
 * files come back refused. Damage ends the archive with a refusal in its own name.
 * @param wanted files whose bytes are read; the others are passed over
 */
export async function* readArchive(
  file: string,
  most: number,
  wanted: (name: string) => boolean = () => true,
): AsyncGenerator<ArchiveFile> {
  const archive = basename(file);
  const packed = streamRegular(file, { highWaterMark: 1 << 18 });
  const files = extract(RAW_NAMES);
  let explained = 0; // bytes of the files that were announced so far, and of their headers
  const unpacking = isGzip(file) ? [createGunzip(), bombWatch(() => packed.bytesRead)] : [];
  const guard = passing((total) =>
    total - explained > MOST_BETWEEN ? `${MOST_BETWEEN} bytes of it hold no file` : undefined,
  );
  const sink = files as unknown as NodeJS.WritableStream; // streamx is like Node's streams, but its types are not
  pipeline([packed, ...unpacking, guard, sink], () => undefined); // errors come out of the loop below
  let count = 0;
  try {
    for await (const entry of files) {
      const { type, size = 0 } = entry.header;
      const name = nameIn(entry.header);
      explained = guard.total + size + BLOCK;
      const reason = refusalOf(name, type ?? 'file', size, most);
      if (type === 'directory' || reason !== undefined) {
        entry.resume();
        if (reason !== undefined) yield refused(name, 'skipped', reason);
      } else if (!wanted(name)) {
        entry.resume();
        yield { name, bytes: NO_BYTES };
      } else yield { name, bytes: await bytesOf(entry, size) };
      count++;
    }
  } catch (error) {
    const reason = `the archive is damaged after ${count} files: ${(error as Error).message}`;
    yield refused(archive, 'unreadable', reason);
  } finally {
    packed.destroy();
    files.destroy();
  }
}

/** Names as the bytes they are; the typings do not know of it. */
const RAW_NAMES: object = { filenameEncoding: 'latin1' };

const NO_BYTES = new Uint8Array(0);

/** Are a file's first bytes those of gzip, whatever it is called? */
function isGzip(file: string): boolean {
  const [first, second] = readBeginning(file, 2);
  return first === 0x1f && second === 0x8b;
}

/** The name of a member: of its pax header, which is UTF-8, or of the bytes of its own. */
function nameIn({ name, pax }: Header): string {
  if (typeof pax === 'object' && pax !== null && 'path' in pax) return name;
  return shownPath(nameOfBytes(Buffer.from(name, 'latin1')));
}

const refused = (name: string, state: Refusal['state'], reason: string): ArchiveFile => ({
  name: name === '' ? '(no name)' : name,
  bytes: NO_BYTES,
  refusal: { state, reason },
});

function refusalOf(name: string, type: string, size: number, most: number): string | undefined {
  if (type === 'directory') return undefined;
  if (type !== 'file' && type !== 'contiguous-file') return `it is a ${type}, not a file`;
  if (name.includes('\ufffd')) return 'its name in the archive is not UTF-8, and could not be told from others';
  return unsafeName(name) ?? (size > most ? `it has ${size} bytes, more than the ${most} allowed` : undefined);
}

async function bytesOf(entry: AsyncIterable<unknown>, size: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const part of entry as AsyncIterable<Uint8Array>) parts.push(part);
  const bytes = parts.length === 1 ? parts[0] : Buffer.concat(parts);
  if (bytes.length !== size) throw new Error('a file in it is cut short');
  return bytes;
}

/** Passes everything on until it is far more than what was read for it. */
const bombWatch = (bytesRead: () => number): Transform =>
  passing((unpacked) =>
    unpacked > BOMB_BYTES && unpacked > BOMB_RATIO * bytesRead()
      ? `it unpacks to more than ${BOMB_RATIO} times its size: a decompression bomb`
      : undefined,
  );

/** Passes everything on until `problem` says why not, of the bytes that came so far; these are its `total`. */
function passing(problem: (total: number) => string | undefined): Transform & { total: number } {
  const stream = Object.assign(
    new Transform({
      transform(chunk: Buffer, _, done) {
        stream.total += chunk.length;
        const reason = problem(stream.total);
        if (reason === undefined) done(null, chunk);
        else done(new Error(reason));
      },
    }),
    { total: 0 },
  );
  return stream;
}
