import { join } from 'node:path';
import { type Entry, fromBufferPromise, getFileNameLowLevel, type ZipFile } from 'yauzl';
import { FormatError } from '../../core/errors.js';
import { MOST_TEXT_BYTES } from '../../core/regular-file.js';
import { unsafeName } from '../dataset/safe-path.js';
import type { ImportedFile } from './imported-file.js';

/** The files of a folder or of a zip archive. */
export interface Members {
  names: string[];
  /** @throws FormatError when it is too large, or not what the archive says of it */
  read(name: string): Promise<Uint8Array>;
}

/** @throws FormatError when it is no zip archive, or one that is up to something */
export const membersOf = async (file: ImportedFile): Promise<Members> =>
  file.isFolder
    ? { names: file.names(), read: (name) => Promise.resolve(file.member(name)!.bytes()) }
    : zipMembers(file.bytes(), file.path);

/**
 * Nothing of an archive is put on the disk: its names are only compared, and what is read of it is unpacked in memory. All
 * that comes out of it together is limited, whatever its directory says, and however often one stretch of it is named.
 */
async function zipMembers(bytes: Buffer, archive: string): Promise<Members> {
  const { zip, entries } = await asZip(archive, () => openZip(bytes, archive));
  let left = MOST_TEXT_BYTES;
  return {
    names: [...entries.keys()].sort(),
    async read(name) {
      const entry = entries.get(name)!;
      left -= entry.uncompressedSize;
      if (left < 0)
        throw new FormatError(`"${join(archive, name)}" is refused: the archive unpacks to too much.`, [
          `At most ${MOST_TEXT_BYTES} bytes are read of it.`,
        ]);
      return asZip(archive, () => unpacked(zip, entry));
    },
  };
}

async function openZip(bytes: Buffer, archive: string): Promise<{ zip: ZipFile; entries: Map<string, Entry> }> {
  const zip = await fromBufferPromise(bytes, { lazyEntries: true, decodeStrings: false });
  const entries = new Map<string, Entry>();
  for await (const entry of zip.eachEntry()) {
    const name = getFileNameLowLevel(entry.generalPurposeBitFlag, entry.fileNameRaw, entry.extraFields, false);
    const unsafe = unsafeName(name);
    if (unsafe) throw new FormatError(`"${archive}" is refused: of one of its files, ${unsafe}.`);
    if (entries.has(name)) throw new FormatError(`"${archive}" is refused: it holds "${name}" twice.`);
    if (!name.endsWith('/')) entries.set(name, entry);
  }
  return { zip, entries };
}

/** Bytes of one file; the library stops where more come out than the directory says. */
async function unpacked(zip: ZipFile, entry: Entry): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const part of await zip.openReadStreamPromise(entry)) parts.push(part as Uint8Array);
  return Buffer.concat(parts);
}

async function asZip<R>(archive: string, work: () => Promise<R>): Promise<R> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof FormatError) throw error;
    throw new FormatError(`"${archive}" cannot be read as a zip archive: ${(error as Error).message}.`);
  }
}
