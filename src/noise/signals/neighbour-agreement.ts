import type { Signal } from '../signal.js';

/** How few of the nearest images carry the same identity. */
export const neighbourAgreement: Signal = {
  name: 'neighbour-agreement',
  reference: 'deep k-NN, Bahri et al. 2020; SimiFeat, Zhu et al. 2022',
  higherIsNoisier: ({ neighbourAgreement }) => (neighbourAgreement === null ? null : -neighbourAgreement),
};
