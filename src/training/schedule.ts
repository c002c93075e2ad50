import type { Config } from '../core/config.js';

/**
 * One-cycle learning rate (Smith & Topin 2018): up in a straight line to the peak, down to zero along a cosine.
 * @param done share of all steps done, [0, 1)
 */
export function learningRateAt(done: number, { learningRate, learningRateWarmup }: Config['train']): number {
  if (done < learningRateWarmup) return (learningRate * (done + 1e-3)) / (learningRateWarmup + 1e-3);
  const down = (done - learningRateWarmup) / (1 - learningRateWarmup);
  return (learningRate * (1 + Math.cos(Math.PI * down))) / 2;
}

/** Share of the margin that is on: grows from 0 over the warm-up, then stays. */
export const marginShareAt = (done: number, { marginWarmup }: Config['train']): number =>
  marginWarmup === 0 ? 1 : Math.min(1, done / marginWarmup);
