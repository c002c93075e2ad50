import { basename, resolve } from 'node:path';
import { pipeline, Readable, Transform } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { extract, type Header } from 'tar-stream';
import { streamRegular, readBeginning } from '../../core/regular-file.js';
import { nameOfBytes, shownPath } from '../../core/undecoded-name.js';
import { type ArchiveFile, BOMB, BOMB_BYTES, BOMB_RATIO, NO_BYTES, refusedFile, whyRefused } from './archive-file.js';
import { statOf } from './find-files.js';
import type { Place } from './reader.js';
import { BLOCK, tarHeads } from './tar-blocks.js';
import { unzstd } from './unzstd.js';
import { readZip } from './zip-files.js';
import { quantity } from '../../core/text/quantity.js';

/** First bytes of a zip archive, and of an empty one. */
const ZIP = /^PK(\x03\x04|\x05\x06)/;

/**
 * The files of a tar or zip archive, whatever it is called: its first bytes say what it is. One without files comes back
 * refused. @param wanted as of both
 */
export async function* readArchive(
  file: string,
  most: number,
  wanted: (name: string) => boolean = () => true,
): AsyncGenerator<ArchiveFile> {
  const read = ZIP.test(Buffer.from(readBeginning(file, 4)).toString('latin1')) ? readZip : readTar;
  let isEmpty = true;
  for await (const found of read(file, most, wanted)) {
    isEmpty = false;
    yield found;
  }
  if (isEmpty) yield refusedFile(basename(file), 'skipped', 'the archive is empty');
}

/** Bytes without a file, of headers or of nothing, after which an archive is given up: headers are kept in memory. */
const MOST_BETWEEN = 16 << 20;

/**
 * The files of a tar archive, compressed with gzip or zstd or not, in order. What it says of links, paths and sizes is not
 * believed: such files come back refused. Damage ends the archive with a refusal in its own name. Of an archive that is not compressed the
 * heads alone are read, and files come with their places.
 * @param wanted files whose bytes are read; the others are passed over
 */
async function* readTar(file: string, most: number, wanted: (name: string) => boolean): AsyncGenerator<ArchiveFile> {
  const archive = basename(file);
  const packing = packingOf(file);
  if (packing !== undefined && !('unpack' in packing)) return yield refusedFile(archive, 'unreadable', packing.refused);
  const packed = packing && streamRegular(file, { highWaterMark: 1 << 18 });
  const files = extract(READING);
  let explained = 0; // bytes of the files that were announced so far, and of their headers
  const guard = passing((total) =>
    total - explained > MOST_BETWEEN ? `${MOST_BETWEEN} bytes of it hold no file` : undefined,
  );
  const source = packed && packing ? [packed, packing.unpack(), bombWatch(() => packed.bytesRead)] : [headsOf(file)];
  const sink = files as unknown as NodeJS.WritableStream; // streamx is like Node's streams, but its types are not
  pipeline([...source, guard, sink], () => undefined); // errors come out of the loop below
  const [whole, archiveSize] = [resolve(file), statOf(file)?.size ?? 0];
  let count = 0;
  try {
    for await (const entry of files) {
      const { type, size = 0 } = entry.header;
      const name = nameIn(entry.header);
      explained = guard.total + size + BLOCK;
      const reason = whyNoFile(entry.header) ?? whyRefused(name, size, most);
      if (type === 'directory' || reason !== undefined) {
        entry.resume();
        if (reason !== undefined) yield refusedFile(name, 'skipped', reason);
      } else if (packed === undefined || !wanted(name)) {
        entry.resume();
        yield {
          name,
          bytes: NO_BYTES,
          ...(packed === undefined && { place: placeIn(whole, archiveSize, entry.header) }),
        };
      } else yield { name, bytes: await bytesOf(entry, size) };
      count++;
    }
  } catch (error) {
    const reason = `the archive is damaged after ${quantity(count, 'file')}: ${(error as Error).message}`;
    yield refusedFile(archive, 'unreadable', reason);
  } finally {
    packed?.destroy();
    files.destroy();
  }
}

const headsOf = (file: string): Readable => Readable.from(tarHeads(file), { objectMode: false });

/** Names as the bytes they are, and archives from before there was a mark of the format; the typings do not know of it. */
const READING: object = { filenameEncoding: 'latin1', allowUnknownFormat: true };

/** How an archive is compressed, by its first bytes, whatever it is called; undefined when it is not. */
function packingOf(file: string): { unpack: () => NodeJS.ReadWriteStream } | { refused: string } | undefined {
  const head = Buffer.from(readBeginning(file, 6)).toString('latin1');
  if (head.startsWith('\x1f\x8b')) return { unpack: createGunzip };
  if (head.startsWith('\x28\xb5\x2f\xfd')) return { unpack: unzstd };
  const other = others.find(([start]) => head.startsWith(start));
  return other && { refused: `it is compressed with ${other[1]}, which is not read here: unpack it with ${other[2]}` };
}

const others: readonly (readonly [start: string, name: string, command: string])[] = [
  ['\xfd7zXZ', 'xz', 'xz -d'],
  ['BZh', 'bzip2', 'bzip2 -d'],
  ['LZIP', 'lzip', 'lzip -d'],
  ['\x04\x22\x4d\x18', 'LZ4', 'lz4 -d'],
  ["7z\xbc\xaf'\x1c", '7-Zip', '7z x'],
  ['Rar!', 'RAR', 'unrar x'],
];

/** Where a file lies in an archive that is not compressed. @throws Error when it goes on behind the end of the archive */
function placeIn(file: string, archive: number, header: Header): Place & { length: number } {
  const { size: length = 0 } = header;
  const offset = (header as Header & { byteOffset: number }).byteOffset; // the typings do not know of it
  if (offset + length > archive) throw new Error('a file in it is cut short');
  return { file, offset, length };
}

/** The name of a member: of its pax header, which is UTF-8, or of the bytes of its own. */
function nameIn({ name, pax }: Header): string {
  if (typeof pax === 'object' && pax !== null && 'path' in pax) return name;
  return shownPath(nameOfBytes(Buffer.from(name, 'latin1')));
}

function whyNoFile({ type, pax, linkname }: Header): string | undefined {
  if (type === 'directory') return undefined;
  if (type === 'link') return `it is a hard link: its bytes are those of "${linkname ?? ''}"`;
  if (type === null || type === undefined) return 'it is a sparse file, or of another kind that only GNU tar unpacks';
  if (type !== 'file' && type !== 'contiguous-file') return `it is a ${type}, not a file`;
  const records = typeof pax === 'object' && pax !== null ? Object.keys(pax) : [];
  return records.some((key) => key.startsWith('GNU.sparse.'))
    ? 'it is a sparse file, which only GNU tar unpacks'
    : undefined;
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
  passing((unpacked) => (unpacked > BOMB_BYTES && unpacked > BOMB_RATIO * bytesRead() ? BOMB : undefined));

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
