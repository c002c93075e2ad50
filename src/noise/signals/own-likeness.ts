import type { Signal } from '../signal.js';

/** How little the image is like the others of its identity. */
export const ownLikeness: Signal = {
  name: 'own-likeness',
  reference: 'leave-one-out class mean; within-class covariance normalisation, Hatch et al. 2006',
  higherIsNoisier: ({ cosOwn }) => (cosOwn === null ? null : -cosOwn),
};
