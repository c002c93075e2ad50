import { closeSync, fsyncSync, openSync } from 'node:fs';
import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import pMap from 'p-map';

/** Where a folder cannot be opened or flushed at all: Windows, FUSE, some network file systems. Nothing was lost. */
const CANNOT_SYNC = ['EINVAL', 'ENOTSUP', 'EISDIR', 'EPERM', 'EACCES', 'EBADF'];

/** Returns when what was made, renamed and deleted in `folder` is on the disk, where the system can tell. */
export function syncFolder(folder: string): void {
  try {
    const handle = openSync(folder, 'r');
    try {
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
  } catch (error) {
    if (!CANNOT_SYNC.includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}

/** Files that are waited for at once: a journal writes them together. */
const AT_ONCE = 16;

/** Waits until every file below `folder`, and every name, is on the disk. Links are not followed. */
export async function syncTree(folder: string): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map(({ name }) => join(folder, name));
  await pMap(files, syncFile, { concurrency: AT_ONCE });
  for (const entry of entries) if (entry.isDirectory()) await syncTree(join(folder, entry.name));
  syncFolder(folder);
}

async function syncFile(file: string): Promise<void> {
  const handle = await open(file, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
