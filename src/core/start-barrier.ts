/**
 * Keeps a thread until all have come so far. One that is stopped while it still loads its native libraries takes the
 * whole process with it.
 */
export interface StartBarrier {
  arrived: Int32Array;
  expected: number;
}

/** Longest wait for a thread that does not come. */
const PATIENCE_MS = 10_000;

/** Waits, in a thread, until the others have come too. */
export function arrive({ arrived, expected }: StartBarrier): void {
  let here = Atomics.add(arrived, 0, 1) + 1;
  Atomics.notify(arrived, 0);
  while (here < expected && Atomics.wait(arrived, 0, here, PATIENCE_MS) !== 'timed-out')
    here = Atomics.load(arrived, 0);
}

/** Returns when each of `threads` threads has come to {@link arrive}. @param run hands a task to a thread that is free */
export async function waitForThreads(threads: number, run: (task: StartBarrier) => Promise<unknown>): Promise<void> {
  const arrived = new Int32Array(new SharedArrayBuffer(4));
  await Promise.all(Array.from({ length: threads }, () => run({ arrived, expected: threads })));
}
