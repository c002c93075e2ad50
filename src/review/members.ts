import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { FormatError } from '../core/errors.js';
import { unsafeName } from '../sources/safe-path.js';
import { type ImportedFile, MOST_BYTES } from './imported-file.js';

/** The files of a folder or of a zip archive. */
export interface Members {
  names: string[];
  /** @throws FormatError when it is too large, or not what the archive says of it */
  read(name: string): Uint8Array;
}

/** @throws FormatError when it is no zip archive, or one that is up to something */
export const membersOf = (file: ImportedFile): Members =>
  file.isFolder
    ? { names: file.names(), read: (name) => file.member(name)!.bytes() }
    : zipMembers(file.bytes(), file.path);

/** Deflate makes nothing longer by more than this. */
const mayPackTo = (unpacked: number): number => unpacked + unpacked / 1000 + 1024;

/** Nothing of an archive is put on the disk: its names are only compared, and one file at a time is unpacked. */
function zipMembers(bytes: Uint8Array, archive: string): Members {
  const sizes = new Map<string, { size: number; originalSize: number }>();
  unzip(bytes, archive, ({ name, size, originalSize }) => {
    const unsafe = unsafeName(name);
    if (unsafe) throw new FormatError(`"${archive}" is refused: of one of its files, ${unsafe}.`);
    if (!name.endsWith('/')) sizes.set(name, { size, originalSize });
    return false;
  });
  return {
    names: [...sizes.keys()].sort(),
    read(name) {
      const { size, originalSize } = sizes.get(name)!;
      if (originalSize > MOST_BYTES || size > mayPackTo(originalSize))
        throw new FormatError(
          `"${join(archive, name)}" is refused: it says that it unpacks from ${size} to ${originalSize} bytes.`,
          [`At most ${MOST_BYTES} are read.`],
        );
      return unzip(bytes, archive, (entry) => entry.name === name)[name];
    },
  };
}

function unzip(
  bytes: Uint8Array,
  archive: string,
  filter: (entry: { name: string; size: number; originalSize: number }) => boolean,
): Record<string, Uint8Array> {
  try {
    return unzipSync(bytes, { filter });
  } catch (error) {
    if (error instanceof FormatError) throw error;
    throw new FormatError(`"${archive}" cannot be read as a zip archive: ${(error as Error).message}.`);
  }
}
