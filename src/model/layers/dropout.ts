import type { LayerMaker } from '../layer.js';

/** Multiplies by the step's mask, which is fed: a traced step draws no random numbers. Without a mask, nothing. */
export const dropout = (): LayerMaker => (input) => ({
  parameters: {},
  multiplies: 0,
  output: input,
  dropoutFeatures: input.side ** 2 * input.channels,
  forward: (x, { training, dropout: mask }) => (training && mask ? x.mul(mask.reshape(x.shape)) : x),
});
