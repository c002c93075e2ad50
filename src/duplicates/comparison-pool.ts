import { fileURLToPath } from 'node:url';
import { setImmediate } from 'node:timers/promises';
import { Tinypool } from 'tinypool';
import { throwIfInterrupted } from '../core/interrupt.js';
import { waitForThreads } from '../core/start-barrier.js';
import { workerUrl } from '../core/version.js';
import { Comparison, type ComparisonSources, type ComparisonTask } from './comparison.js';

/** Crops from which threads pay for their start. */
const WORTH_THREADS = 2000;

/** Threads that compare crops, or this one where there are few crops. */
export interface ComparisonPool {
  /**
   * Does the tasks, several at once, and hands over their results in the order of the tasks.
   * @throws InterruptedError if `signal` is aborted
   */
  each<R>(
    tasks: Iterable<ComparisonTask>,
    take: (result: R, task: ComparisonTask) => void,
    signal?: AbortSignal,
  ): Promise<void>;
  close(): Promise<void>;
}

/** @param count crops that are compared @param threads most of them that are used */
export function openComparisonPool(sources: ComparisonSources, count: number, threads: number): ComparisonPool {
  const isShared = 'file' in sources.crops || sources.crops.data.buffer instanceof SharedArrayBuffer;
  return threads > 1 && isShared && count >= WORTH_THREADS ? onThreads(sources, threads) : onThisThread(sources);
}

function onThisThread(sources: ComparisonSources): ComparisonPool {
  const comparison = new Comparison(sources);
  return {
    each: (tasks, take, signal) => inOrder(tasks, (task) => comparison.do(task), 1, take, signal),
    close: () => Promise.resolve(comparison.close()),
  };
}

function onThreads(workerData: ComparisonSources, threads: number): ComparisonPool {
  const pool = new Tinypool({
    filename: fileURLToPath(workerUrl('comparison-worker', import.meta.url)),
    runtime: 'worker_threads',
    ...{ minThreads: threads, maxThreads: threads, workerData },
  });
  return {
    // More tasks than threads: none waits while a result is taken.
    each: (tasks, take, signal) => inOrder(tasks, (task) => pool.run(task), 2 * threads, take, signal),
    async close() {
      await waitForThreads(threads, (barrier) => pool.run(barrier));
      await pool.destroy();
    },
  };
}

async function inOrder<R>(
  tasks: Iterable<ComparisonTask>,
  run: (task: ComparisonTask) => Promise<unknown>,
  atOnce: number,
  take: (result: R, task: ComparisonTask) => void,
  signal?: AbortSignal,
): Promise<void> {
  const begun: { task: ComparisonTask; result: Promise<unknown> }[] = [];
  const takeFirst = async (): Promise<void> => {
    const { task, result } = begun[0];
    take((await result) as R, task);
    begun.shift();
    await setImmediate(); // lets Ctrl-C through
    throwIfInterrupted(signal);
  };
  try {
    for (const task of tasks) {
      begun.push({ task, result: run(task) });
      if (begun.length >= atOnce) await takeFirst();
    }
    while (begun.length > 0) await takeFirst();
  } finally {
    await Promise.allSettled(begun.map(({ result }) => result));
  }
}
