import type { Signal } from '../signal.js';

/** How much nearer the best other identity is than the own one. */
export const rivalMargin: Signal = {
  name: 'rival-margin',
  reference: 'BoundaryFace, Wu et al. 2022: another centre nearer than the own',
  higherIsNoisier: ({ rivalCos, cosOwn }) => (rivalCos === null || cosOwn === null ? null : rivalCos - cosOwn),
};
