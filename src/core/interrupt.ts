import { InterruptedError } from './errors.js';

/** Call between two units of work that must both be whole. */
export function throwIfInterrupted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new InterruptedError();
}
