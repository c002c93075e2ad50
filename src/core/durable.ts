import { closeSync, fsyncSync, openSync } from 'node:fs';
import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import pMap from 'p-map';

/** Waits until the names in `folder` are on the disk. A file system that cannot do this for folders is left alone. */
export function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } catch (error) {
    if (!cannotSync(error)) throw error;
  } finally {
    closeSync(handle);
  }
}

/** Network and FUSE file systems answer fsync of a folder with one of these; nothing was lost. */
const cannotSync = (error: unknown): boolean =>
  ['EINVAL', 'ENOTSUP', 'EISDIR', 'EPERM', 'EBADF'].includes((error as NodeJS.ErrnoException).code ?? '');

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
