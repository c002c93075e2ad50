import type { Signal } from '../signal.js';

/** How far the image lies from its identity's dominant sub-centre. */
export const cosineToDominant: Signal = {
  name: 'cosine-to-dominant',
  reference: 'Deng et al. 2020, sec. 3.3',
  higherIsNoisier: ({ cosDominant }) => (cosDominant === null ? null : -cosDominant),
};
