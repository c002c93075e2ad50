import { InterruptedError } from './errors.js';

/** Call between two units of work that must both be whole. */
export function throwIfInterrupted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new InterruptedError();
}

/** Settles when `signal` is raised. */
export const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((done) => {
    if (signal.aborted) done();
    else signal.addEventListener('abort', () => done(), { once: true });
  });

type EndSignal = 'SIGINT' | 'SIGTERM';
const exitCodes: Record<EndSignal, number> = { SIGINT: 130, SIGTERM: 143 };
const endSignals = Object.keys(exitCodes) as EndSignal[];

let listener: ((signal: EndSignal) => void) | undefined;

/**
 * Calls `first` at the first Ctrl-C or SIGTERM, so that the work at hand can be finished. The next one ends the process at
 * once, whatever it does: from then on the system itself sees to that, which needs no turn of this thread.
 * @returns a function that leaves signals to the system again
 */
export function onFirstInterrupt(first: () => void): () => void {
  let seen = false;
  listener = (signal) => {
    if (seen) return end(signal, stop); // it came together with the first
    seen = true;
    first();
    // The system never ends process 1 of a container by a signal that nobody listens to: there we go on listening.
    if (process.pid !== 1) setImmediate(stop);
  };
  const own = listener;
  for (const signal of endSignals) process.on(signal, own);
  const stop = (): void => {
    for (const signal of endSignals) process.off(signal, own);
    if (listener === own) listener = undefined;
  };
  return stop;
}

function end(signal: EndSignal, stopListening: () => void): void {
  if (process.pid === 1) process.exit(exitCodes[signal]);
  stopListening();
  process.kill(process.pid, signal);
}

/** Runs `work`, which keeps this thread waiting and has nothing to lose: the first Ctrl-C ends the process meanwhile. */
export function leaveSignalsToTheSystem<R>(work: () => R): R {
  const own = listener;
  if (own) for (const signal of endSignals) process.off(signal, own);
  try {
    return work();
  } finally {
    if (own) for (const signal of endSignals) process.on(signal, own);
  }
}
