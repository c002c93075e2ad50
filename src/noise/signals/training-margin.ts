import type { Signal } from '../signal.js';

/** How late, if ever, training learnt the image's label. */
export const trainingMargin: Signal = {
  name: 'training-margin',
  reference: 'AUM, Pleiss et al. 2020',
  higherIsNoisier: ({ trainingMargin }) => (trainingMargin === null ? null : -trainingMargin),
};
