/**
 * What can happen to each kind of call. With a plus it stays: every later call of that kind fails too (a disk that is
 * full, no handles left, a file system that was remounted read-only). `kill` ends the process before the call, `half-kill`
 * after half a write.
 */
const failures = {
  'open-read': ['EIO', 'EACCES', 'EMFILE', 'EMFILE+'],
  'open-write': ['EIO', 'EACCES', 'EMFILE', 'EMFILE+', 'ENOSPC', 'EROFS+'],
  opendir: ['EIO', 'EACCES', 'EMFILE'],
  read: ['EIO', 'short'],
  write: ['EIO', 'ENOSPC', 'ENOSPC+', 'EROFS+', 'short'],
  copy: ['EIO', 'ENOSPC', 'ENOSPC+', 'short'],
  fsync: ['EIO', 'ENOSPC', 'EROFS+'],
  truncate: ['EIO', 'EROFS+'],
  rename: ['EIO', 'EACCES', 'EXDEV', 'EROFS+'],
  unlink: ['EIO', 'EACCES', 'EROFS+'],
  rmdir: ['EIO', 'EACCES', 'ENOTEMPTY'],
  mkdir: ['EIO', 'EACCES', 'ENOSPC+'],
  link: ['EIO', 'EACCES', 'EMLINK', 'EXDEV'],
  symlink: ['EIO', 'EACCES', 'ENOSPC+'],
  chmod: ['EPERM'],
  stat: ['EIO', 'EACCES'],
};

const changes = ['write', 'copy', 'fsync', 'truncate', 'rename', 'unlink', 'rmdir', 'mkdir', 'link', 'symlink'];

/** Every fault at every call: `{ op, k, path, what }`. Kills come before each call that changes the disk. */
export const pointsOf = (calls) =>
  calls.flatMap((call) => [
    ...(failures[call.op] ?? []).map((what) => ({ ...call, what })),
    ...(changes.includes(call.op) ? [{ ...call, what: 'kill' }] : []),
    ...(call.op === 'write' ? [{ ...call, what: 'half-kill' }] : []),
  ]);

export const isKill = ({ what }) => what === 'kill' || what === 'half-kill';

/** WHAT/OP/K/PATH, as the shim and --point take it. */
export const faultName = ({ what, op, k, path }) => `${what}/${op}/${k}/${path}`;
