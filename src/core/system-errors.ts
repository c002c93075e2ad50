import { FacesieveError } from './errors.js';

/** A disk, a file system or this machine did not do what was asked of it. */
export class SystemError extends FacesieveError {}

/** What the program was doing when a system call failed. */
export interface Attempt {
  /** In words, for example `writing "clean"`. */
  doing?: string;
  /** The file or folder that is named when the error itself names none. */
  path?: string;
}

interface Explanation {
  /** @param at the path, quoted, or "a file" */
  says: (at: string) => string;
  todo: string;
}

const again = 'then run the same command again: it goes on where it stopped';
const freeSpace: Explanation = {
  says: (at) => `The disk is full: ${at} could not be written. What was there before is untouched.`,
  todo: `Free some space, ${again}.`,
};
const rights: Explanation = {
  says: (at) => `${at} may not be read or written by this user.`,
  todo: 'Change its rights, or choose another place.',
};
const readOnly: Explanation = {
  says: (at) => `${at} may not be written: it lies on a read-only file system, or is marked read-only.`,
  todo: 'Choose a place that can be written. Commands that only read work on a read-only workspace.',
};
const badDisk: Explanation = {
  says: (at) => `The disk or the network file system failed on ${at} (input/output error).`,
  todo: `Check the disk (dmesg, smartctl), ${again}.`,
};
const missing: Explanation = {
  says: (at) => `${at} is not there.`,
  todo: 'If it is a file of the workspace, run the stage that writes it again with --force.',
};
const wrongKind: Explanation = {
  says: (at) => `${at} is of the wrong kind: a folder was expected and a file is there, or the reverse.`,
  todo: 'Move what is there away, or choose another place.',
};
const tooLarge: Explanation = {
  says: (at) => `${at} is larger than this file system, or this user's limit, allows.`,
  todo: 'Choose another file system, or raise the limit (ulimit -f).',
};
const tooLong: Explanation = {
  says: (at) => `The path ${at} is longer than the file system allows.`,
  todo: 'Choose a shorter path.',
};
const otherSystem: Explanation = {
  says: (at) => `${at} lies on another file system, or is a mount point: it cannot be renamed or hard linked there.`,
  todo: 'Choose a folder on the same file system (for a mount point, a folder below it), or another --mode.',
};
const handles: Explanation = {
  says: (at) => `This user has no file handles left; ${at} could not be opened.`,
  todo: 'Raise the limit (ulimit -n 4096), or use fewer --threads.',
};
const memory: Explanation = {
  says: () => 'There is not enough memory, or not enough threads, for this.',
  todo: 'Close other programs, raise the limit (ulimit -v, ulimit -u), or use fewer --threads or a smaller --batch-size.',
};
const inUse: Explanation = {
  says: (at) => `${at} is in use by another program, or is a mount point.`,
  todo: `Wait for that program, ${again}; for a mount point choose a folder below it.`,
};
const notEmpty: Explanation = {
  says: (at) => `${at} is not empty: another program wrote into it at the same time.`,
  todo: 'Run one command at a time on it.',
};
const links: Explanation = {
  says: (at) => `${at} cannot be linked: links lead in a circle, there are too many of them, or there can be none.`,
  todo: 'Name the file itself, or use --mode copy.',
};
const noLock: Explanation = {
  says: (at) => `${at} cannot be locked on this file system.`,
  todo: 'Put the workspace on a local disk.',
};
const damaged: Explanation = {
  says: (at) => `The database ${at} is damaged, or is not a database.`,
  todo: 'facesieve doctor --workspace DIR shows what is wrong; restore a copy, or begin a new --workspace.',
};
const busy: Explanation = {
  says: (at) => `Another program holds the database ${at}.`,
  todo: 'Wait for it, or stop it, and run the same command again.',
};

const byCode: Readonly<Record<string, Explanation>> = {
  ...{ ENOSPC: freeSpace, EDQUOT: freeSpace, SQLITE_FULL: freeSpace },
  ...{ EACCES: rights, EPERM: rights, SQLITE_PERM: rights, SQLITE_AUTH: rights },
  ...{ EROFS: readOnly, SQLITE_READONLY: readOnly },
  ...{ EIO: badDisk, ESTALE: badDisk, ETIMEDOUT: badDisk, EREMOTEIO: badDisk, ENXIO: badDisk, ENODEV: badDisk },
  ...{ ENOTCONN: badDisk, EHOSTDOWN: badDisk, SQLITE_IOERR: badDisk, SQLITE_PROTOCOL: badDisk },
  ...{ ENOENT: missing, SQLITE_CANTOPEN: missing },
  ...{ ENOTDIR: wrongKind, EISDIR: wrongKind, EEXIST: wrongKind, ESPIPE: wrongKind },
  ...{ EFBIG: tooLarge, ERR_FS_FILE_TOO_LARGE: tooLarge, SQLITE_TOOBIG: tooLarge },
  ...{ ENAMETOOLONG: tooLong, EXDEV: otherSystem },
  ...{ EMFILE: handles, ENFILE: handles },
  ...{ ENOMEM: memory, EAGAIN: memory, SQLITE_NOMEM: memory, ERR_WORKER_OUT_OF_MEMORY: memory },
  ...{ ERR_WORKER_INIT_FAILED: memory, ERR_MEMORY_ALLOCATION_FAILED: memory, ERR_BUFFER_TOO_LARGE: memory },
  ...{ EBUSY: inUse, ETXTBSY: inUse, ENOTEMPTY: notEmpty },
  ...{ ELOOP: links, EMLINK: links, EOPNOTSUPP: links, ENOTSUP: links, ENOSYS: links },
  ...{ ENOLCK: noLock, EDEADLK: noLock, SQLITE_NOLFS: noLock },
  ...{ SQLITE_CORRUPT: damaged, SQLITE_NOTADB: damaged, SQLITE_FORMAT: damaged, SQLITE_ERROR: damaged },
  ...{ SQLITE_BUSY: busy, SQLITE_LOCKED: busy },
};

/** Codes that a message begins with, where an error lost its code on the way out of a thread. */
const CODE_IN_TEXT = /^(E[A-Z0-9]{2,}): /;
const NO_MEMORY =
  /array buffer allocation failed|invalid (typed )?array length|out of memory|bad_alloc|failed to allocate|resource temporarily unavailable/i;

function codeOf(error: unknown): string | undefined {
  const { code, message = '' } = error as { code?: unknown; message?: string };
  if (typeof code === 'string') return code;
  return CODE_IN_TEXT.exec(message)?.[1] ?? (NO_MEMORY.test(message) ? 'ENOMEM' : undefined);
}

/** Whether this machine has too little left of something, so that whatever was asked of it says nothing of a file. */
export const isMachineFault = (error: unknown): boolean => {
  const explanation = explanationOf(codeOf(error) ?? '');
  return explanation === handles || explanation === memory;
};

/** Whether the disk failed (EIO), so that what was asked may well be there: of a folder nobody knows what is missed. */
export const isDiskFault = (error: unknown): boolean => explanationOf(codeOf(error) ?? '') === badDisk;

/** SQLite's extended codes begin with the plain one: SQLITE_IOERR_WRITE. */
const explanationOf = (code: string): Explanation | undefined =>
  byCode[code] ?? byCode[/^SQLITE_[A-Z0-9]+/.exec(code)?.[0] ?? ''];

/**
 * Turns an error of the operating system, of SQLite or of Node into one that says what happened, where, and what to do.
 * Errors that are ours, and faults of the program, are returned unchanged.
 */
export function explainSystemError(error: unknown, { doing, path }: Attempt = {}): unknown {
  if (error instanceof FacesieveError) return error;
  const code = codeOf(error);
  const explanation = code === undefined ? undefined : explanationOf(code);
  if (code === undefined || !explanation) return error;
  const at = pathOf(error) ?? path;
  const told = explanation.says(at === undefined ? 'a file' : `"${at}"`);
  const context = doing && !told.includes(doing) ? ` It happened while ${doing}.` : '';
  return new SystemError(`${told} (${code})${context}`, [explanation.todo]);
}

/** The path that Node's error names; of a rename or a link, the second one, which is the one that is written. */
function pathOf(error: unknown): string | undefined {
  const { path, dest, message = '' } = error as { path?: unknown; dest?: unknown; message?: string };
  if (typeof dest === 'string') return dest;
  if (typeof path === 'string') return path;
  return /'([^']+)'(?: -> '([^']+)')?$/.exec(message)?.slice(1).reverse().find(Boolean);
}
