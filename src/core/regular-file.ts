import {
  closeSync,
  constants,
  createReadStream,
  fstatSync,
  openSync,
  type ReadStream,
  readSync,
  type Stats,
} from 'node:fs';
import { FormatError, PathError } from './errors.js';
import { isMachineFault } from './system-errors.js';
import { toPath } from './undecoded-name.js';
import { leaveSignalsToTheSystem } from './interrupt.js';
import { readUpTo } from './read-fully.js';

/** A file that somebody named, or that lies in a crawl, and that cannot be opened. */
export class UnreadableFileError extends PathError {
  constructor(
    file: string,
    /** Without the name: `it is a named pipe, not a regular file`. */
    readonly reason: string,
  ) {
    super(`"${file}" cannot be read: ${reason}.`, ['Check the path.']);
  }
}

/** A named pipe, a socket, a device or a folder where a file was expected. */
export class IrregularFileError extends UnreadableFileError {}

/** Most bytes of a file that is read as text: what a million rows take, and a string can hold. */
export const MOST_TEXT_BYTES = 2 ** 28;

/** Most bytes that a file is read whole with. */
const MOST_BYTES = 2 ** 31 - 1;

/** Without O_NONBLOCK, opening a named pipe waits for somebody who writes. Windows has no such flags. */
const FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOCTTY ?? 0);

/** What the shell calls a pipe that it opened for us: `/dev/stdin`, and `/dev/fd/63` for `<(command)`. */
const INHERITED = /^\/(dev\/(stdin|fd\/\d+)|proc\/self\/fd\/\d+)$/;

/** What lies at a path, when that is neither a regular file nor a folder; undefined otherwise. */
export function irregularKind(entry: Pick<Stats, `is${'FIFO' | 'Socket' | 'CharacterDevice' | 'BlockDevice'}`>) {
  if (entry.isFIFO()) return 'a named pipe';
  if (entry.isSocket()) return 'a socket';
  return entry.isCharacterDevice() || entry.isBlockDevice() ? 'a device' : undefined;
}

/** Why an entry of this kind is not read. */
export const irregularReason = (kind: string): string => `it is ${kind}, not a regular file`;

/**
 * Opens a regular file for reading and nothing else: no pipe, socket or device is ever waited for. Every file that a user
 * names, or that lies in a crawl, is opened here. @returns the descriptor @throws UnreadableFileError
 */
export function openRegular(file: string): number {
  const handle = opened(file);
  try {
    const facts = fstatSync(handle);
    if (facts.isFile()) return handle;
    throw new IrregularFileError(
      file,
      irregularReason(facts.isDirectory() ? 'a folder' : (irregularKind(facts) ?? 'something else')),
    );
  } catch (error) {
    closeSync(handle);
    throw error;
  }
}

/** All bytes of a regular file. @throws UnreadableFileError, FormatError when they are more than `most` */
export function readRegular(file: string, most = MOST_BYTES): Buffer {
  const handle = openRegular(file);
  try {
    const { size } = fstatSync(handle);
    if (size > most) throw tooLarge(file, `${size} bytes`, most);
    return readSized(handle, size, file);
  } catch (error) {
    throw readError(error, file);
  } finally {
    closeSync(handle);
  }
}

/**
 * As {@link readRegular}, and what the shell opened for us as well: `/dev/stdin`, and the pipe of `<(command)`. While
 * such a pipe is waited for, Ctrl-C ends the process.
 */
export function readGiven(file: string, most = MOST_BYTES): Buffer {
  return INHERITED.test(file) && !isRegular(file)
    ? leaveSignalsToTheSystem(() => readPipe(file, most))
    : readRegular(file, most);
}

/** The text of a file that somebody named, without a byte order mark. @throws as {@link readGiven} */
export const readGivenText = (file: string): string =>
  readGiven(file, MOST_TEXT_BYTES)
    .toString('utf8')
    .replace(/^\uFEFF/, '');

/** A stream of a regular file, which is opened before it returns. @throws UnreadableFileError */
export const streamRegular = (file: string, options: { highWaterMark?: number } = {}): ReadStream =>
  createReadStream(file, { ...options, fd: openRegular(file), start: 0 });

const refusals: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EACCES: 'the file may not be read',
  EPERM: 'the file may not be read',
  ELOOP: 'a link that leads to itself',
  ENAMETOOLONG: 'the name is longer than the file system allows',
  EIO: 'the disk reports an error',
};

function opened(file: string): number {
  try {
    return openSync(toPath(file), FLAGS);
  } catch (error) {
    throw readError(error, file);
  }
}

function readError(error: unknown, file: string): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === undefined || error instanceof UnreadableFileError || isMachineFault(error)) return error;
  if (code === 'ENXIO') return new IrregularFileError(file, irregularReason('a socket')); // or a device that is not there
  return new UnreadableFileError(file, refusals[code] ?? `${message.split(',')[0]}`);
}

const tooLarge = (file: string, found: string, most: number): FormatError =>
  new FormatError(`"${file}" has ${found}; at most ${most} bytes are read.`, [
    'Give it in parts, or name another file.',
  ]);

/** A file that shrinks meanwhile ends where it ends; what is appended meanwhile is not read. */
function readSized(handle: number, size: number, file: string): Buffer {
  const bytes = Buffer.allocUnsafe(size);
  let done = 0;
  while (done < size) {
    const read = readSync(handle, bytes, done, size - done, done);
    if (read === 0) throw new UnreadableFileError(file, 'the file changed while it was read');
    done += read;
  }
  return bytes;
}

function isRegular(file: string): boolean {
  try {
    closeSync(openRegular(file));
    return true;
  } catch {
    return false;
  }
}

/** Bytes asked of a pipe at once. */
const PIECE = 1 << 16;
const PAUSE_MS = 10;

/** Reads what the shell opened before we came; the descriptor stays open. */
function readPipe(file: string, most: number): Buffer {
  const handle = file === '/dev/stdin' ? 0 : Number(/\d+$/.exec(file));
  const parts: Buffer[] = [];
  for (let total = 0; ;) {
    const part = Buffer.allocUnsafe(PIECE);
    const read = readSome(handle, part, file);
    if (read === 0) return Buffer.concat(parts);
    total += read;
    if (total > most) throw tooLarge(file, `more than ${most} bytes`, most);
    parts.push(part.subarray(0, read));
  }
}

/** Waits until there is something to read. @returns the number of bytes; 0 at the end */
function readSome(handle: number, into: Buffer, file: string): number {
  for (;;) {
    try {
      return readSync(handle, into, 0, into.length, null);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw readError(error, file);
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
    }
  }
}

/** The first bytes of a file, at most `most`. @throws UnreadableFileError */
export function readBeginning(file: string, most: number): Uint8Array {
  const handle = openRegular(file);
  try {
    const bytes = new Uint8Array(most);
    return bytes.subarray(0, readUpTo(handle, 0, bytes, file));
  } finally {
    closeSync(handle);
  }
}
