import { closeSync, fsyncSync, openSync } from 'node:fs';

/** Where a folder cannot be opened or flushed at all: Windows, some network file systems. */
const CANNOT = ['EISDIR', 'EPERM', 'EACCES', 'EINVAL', 'ENOTSUP'];

/** Returns when what was renamed and deleted in `folder` is on the disk, where the system can tell. */
export function syncFolder(folder: string): void {
  try {
    const handle = openSync(folder, 'r');
    try {
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
  } catch (error) {
    if (!CANNOT.includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}
