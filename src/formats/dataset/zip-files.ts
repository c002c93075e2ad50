import { closeSync, fstatSync } from 'node:fs';
import { basename, posix } from 'node:path';
import { isUtf8 } from 'node:buffer';
import { crc32 } from '@node-rs/crc32';
import { type Entry, fromBufferPromise, fromFdPromise, getFileNameLowLevel, type ZipFile } from 'yauzl';
import { openRegular } from '../../core/regular-file.js';
import { type ArchiveFile, BOMB, BOMB_BYTES, BOMB_RATIO, NO_BYTES, refusedFile, whyRefused } from './archive-file.js';
import { quantity } from '../../core/text/quantity.js';

const zipEnding = /\.zip$/i;
/** Most bytes of a zip archive inside of another: it is unpacked in memory. */
const MOST_INNER = 2 ** 30;

/**
 * The files of a zip archive, in order. Names, links and sizes are not believed: such files come back refused. A zip archive
 * in it, as people send one for each person, is a folder of its name; those inside of that one are not read.
 * @param wanted files whose bytes are read; the others are passed over
 */
export async function* readZip(
  file: string,
  most: number,
  wanted: (name: string) => boolean,
): AsyncGenerator<ArchiveFile> {
  const handle = openRegular(file);
  try {
    const { size } = fstatSync(handle);
    const open = (): Promise<ZipFile> => fromFdPromise(handle, { ...OPTIONS, autoClose: false });
    yield* filesOf(open, { archive: basename(file), size, most, wanted, folder: '' });
  } finally {
    closeSync(handle);
  }
}

const OPTIONS = { lazyEntries: true, decodeStrings: false } as const;

interface Reading {
  archive: string;
  /** Bytes of the archive itself. */
  size: number;
  most: number;
  wanted: (name: string) => boolean;
  /** What stands before its names: the archive that it lies in. */
  folder: string;
}

async function* filesOf(open: () => Promise<ZipFile>, reading: Reading): AsyncGenerator<ArchiveFile> {
  const whole = posix.join(reading.folder, reading.archive);
  let [count, unpacked] = [0, 0];
  try {
    const zip = await open();
    for await (const entry of zip.eachEntry()) {
      const name = posix.join(reading.folder, nameOf(entry));
      if (name.endsWith('/')) continue;
      if (whyRefused(name, entry.uncompressedSize, reading.most) === undefined) unpacked += entry.uncompressedSize;
      if (unpacked > BOMB_BYTES && unpacked > BOMB_RATIO * reading.size) throw new Error(BOMB);
      yield* fileOf(zip, entry, name, reading);
      count++;
    }
  } catch (error) {
    const reason = `the archive is damaged after ${quantity(count, 'file')}: ${(error as Error).message}`;
    yield refusedFile(whole, 'unreadable', reason);
  }
}

async function* fileOf(zip: ZipFile, entry: Entry, name: string, reading: Reading): AsyncGenerator<ArchiveFile> {
  const isZip = zipEnding.test(name);
  const reason =
    whyNoFile(entry) ?? whyRefused(nameOf(entry), entry.uncompressedSize, isZip ? MOST_INNER : reading.most);
  if (reason !== undefined) yield refusedFile(name, 'skipped', reason);
  else if (isZip && reading.folder !== '') yield refusedFile(name, 'skipped', 'it is a zip archive within another');
  else if (isZip) {
    const bytes = await bytesOf(zip, entry).catch((error: unknown) => error as Error);
    if (bytes instanceof Error) return yield damaged(name, bytes);
    const inner = { ...reading, archive: '', size: bytes.length, folder: name.replace(zipEnding, '') };
    yield* filesOf(() => fromBufferPromise(bytes, OPTIONS), inner);
  } else if (!reading.wanted(name)) yield { name, bytes: NO_BYTES };
  else
    yield await bytesOf(zip, entry)
      .then((bytes) => ({ name, bytes }))
      .catch((error: unknown) => damaged(name, error));
}

const damaged = (name: string, error: unknown): ArchiveFile =>
  refusedFile(name, 'unreadable', `it is damaged in the archive: ${(error as Error).message}`);

/**
 * A name in UTF-8 where the archive says so or where it can be read so (macOS does not say it), in code page 437 otherwise,
 * with `/`.
 */
function nameOf({ generalPurposeBitFlag, fileNameRaw, extraFields }: Entry): string {
  const flag = isUtf8(fileNameRaw) ? generalPurposeBitFlag | UTF8 : generalPurposeBitFlag;
  return getFileNameLowLevel(flag, fileNameRaw, extraFields, false);
}

const UTF8 = 0x800;
const ENCRYPTED = 0x1;
const STORED = 0;
const DEFLATED = 8;
/** Kinds of files, in the upper half of a Unix archive's attributes. */
const KIND = 0o170000;
const LINK = 0o120000;

function whyNoFile(entry: Entry): string | undefined {
  const { generalPurposeBitFlag, compressionMethod, externalFileAttributes } = entry;
  if (generalPurposeBitFlag & ENCRYPTED) return 'it is encrypted: unpack the archive with its password';
  if (((externalFileAttributes >>> 16) & KIND) === LINK) return 'it is a symlink, not a file';
  if (compressionMethod !== STORED && compressionMethod !== DEFLATED)
    return `it is compressed in a way that is not read here (method ${compressionMethod})`;
  return undefined;
}

/** The library stops where more comes out than the directory says. @throws Error if the bytes are not those that were packed */
async function bytesOf(zip: ZipFile, entry: Entry): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of await zip.openReadStreamPromise(entry)) parts.push(part as Uint8Array);
  const bytes = Buffer.concat(parts);
  if (crc32(bytes) !== entry.crc32) throw new Error('its checksum is wrong');
  return bytes;
}
