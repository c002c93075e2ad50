import { closeSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';

/**
 * Replaces a file in the way that must not be: removes the old one first, trusts the count that a write returns, and
 * swallows what goes wrong. The harness has to see the bytes that this loses.
 */
export function unsafeReplace(from, to) {
  try {
    const bytes = readFileSync(from);
    rmSync(to, { force: true });
    const handle = openSync(`${to}.new`, 'w');
    writeSync(handle, bytes);
    closeSync(handle);
    renameSync(`${to}.new`, to);
  } catch {
    // said to nobody
  }
  return 0;
}
