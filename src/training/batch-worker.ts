import { parentPort, workerData } from 'node:worker_threads';
import { BatchMaker, type BatchPlan } from './batch-plan.js';

/** Thread of batches.ts: answers {epoch, step} with that batch. */
const maker = new BatchMaker(workerData as BatchPlan);

parentPort!.on('message', ({ epoch, step }: { epoch: number; step: number }) => {
  const batch = maker.make(epoch, step);
  parentPort!.postMessage(batch, [batch.data.buffer as ArrayBuffer]);
});
