import { Tinypool } from 'tinypool';
import { arrive, type StartBarrier } from '../core/start-barrier.js';
import { Comparison, type ComparisonSources, type ComparisonTask } from './comparison.js';

/** Thread of comparison-pool.ts. */
const comparison = new Comparison(Tinypool.workerData as ComparisonSources);

export default function work(task: ComparisonTask | StartBarrier) {
  return 'arrived' in task ? arrive(task) : comparison.do(task);
}
