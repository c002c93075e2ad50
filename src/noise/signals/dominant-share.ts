import type { Signal } from '../signal.js';

/** How small a part of its identity's images the dominant sub-centre has. */
export const dominantShare: Signal = {
  name: 'dominant-share',
  reference: 'Deng et al. 2020, sec. 3.3',
  higherIsNoisier: ({ dominantShare }) => (dominantShare === null ? null : -dominantShare),
};
