import { Worker } from 'node:worker_threads';
import { workerUrl } from '../core/version.js';
import type { Batch, BatchPlan } from './batch-plan.js';
import { stepsPerEpoch } from './epoch-order.js';

/** Batches made ahead: enough to hide a slow disk, little enough to forget. */
const AHEAD = 4;

export interface Position {
  epoch: number;
  step: number;
}

/** Batches from `start` to the end of epoch `epochs - 1`, made ahead by a worker thread, in order. */
export async function* prefetchBatches(plan: BatchPlan, start: Position, epochs: number): AsyncGenerator<Batch> {
  const steps = stepsPerEpoch(plan);
  const after = ({ epoch, step }: Position): Position =>
    step + 1 < steps ? { epoch, step: step + 1 } : { epoch: epoch + 1, step: 0 };
  const worker = new Worker(workerUrl('batch-worker', import.meta.url), { workerData: plan });
  const inbox = receiveInOrder(worker);
  try {
    let asked = start;
    const ask = (): void => {
      if (asked.epoch >= epochs) return;
      worker.postMessage(asked);
      asked = after(asked);
    };
    for (let i = 0; i < AHEAD; i++) ask();
    for (let next = start; next.epoch < epochs; next = after(next)) {
      const batch = await inbox.take();
      ask();
      yield batch;
    }
  } finally {
    await worker.terminate();
  }
}

/** The worker's answers as promises; its death rejects whoever waits. */
function receiveInOrder(worker: Worker): { take(): Promise<Batch> } {
  const arrived: Batch[] = [];
  let failure: Error | undefined;
  let wake: () => void = () => undefined;
  worker.on('message', (batch: Batch) => {
    arrived.push(batch);
    wake();
  });
  worker.on('error', (error) => {
    failure = error as Error;
    wake();
  });
  return {
    async take() {
      while (arrived.length === 0) {
        if (failure) throw failure;
        await new Promise<void>((resolve) => (wake = resolve));
      }
      return arrived.shift()!;
    },
  };
}
