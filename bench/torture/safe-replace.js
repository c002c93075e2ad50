import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';

function writeWhole(file, bytes) {
  const handle = openSync(file, 'w');
  try {
    for (let done = 0; done < bytes.length;) done += writeSync(handle, bytes, done);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** Replaces a file as it should be, and says so when it cannot. The harness must find nothing in it. */
export function safeReplace(from, to) {
  const beside = `${to}.new`;
  try {
    writeWhole(beside, readFileSync(from));
    renameSync(beside, to);
    return 0;
  } catch (error) {
    try {
      rmSync(beside, { force: true });
    } catch {
      // the next call writes over it
    }
    process.stderr.write(`Error: "${to}" could not be replaced (${error.code}).\n`);
    return 2;
  }
}
