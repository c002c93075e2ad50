import type { InferenceSession } from 'onnxruntime-node';
import type { EngineOptions } from '../program.js';

/**
 * - Threads that wait for the next operator spin for a moment, then sleep: 4 % faster than sleeping at once, where
 *   operators take microseconds, and on a busy machine without the third of the speed that endless spinning costs.
 * - Numbers too small for float32's full precision count as zero: the gradients of what is learnt get there, and a step
 *   with them takes a quarter longer.
 */
export const sessionSettings = {
  session: { set_denormal_as_zero: '1', intra_op: { allow_spinning: '1', spin_duration_us: '50' } },
};

/** How a graph is opened that is only run, never trained. */
export const inferenceOptions = ({ threads, device }: EngineOptions): InferenceSession.SessionOptions => ({
  intraOpNumThreads: threads,
  executionProviders: [device],
  graphOptimizationLevel: 'all',
  logSeverityLevel: 4,
  extra: sessionSettings,
});
