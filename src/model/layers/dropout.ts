import { elementwiseLayer, type LayerMaker } from '../layer.js';

/** Multiplies by the step's mask, which is fed: a traced step draws no random numbers. Without a mask, nothing. */
export const dropout = (): LayerMaker =>
  elementwiseLayer((x, { training, dropout: mask }) => (training && mask ? x.mul(mask.reshape(x.shape)) : x));
