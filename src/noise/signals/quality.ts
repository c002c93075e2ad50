import type { Signal } from '../signal.js';

/** How short the embedding is: low quality, which is not the same as noise. */
export const quality: Signal = {
  name: 'quality',
  reference: 'MagFace, Meng et al. 2021',
  higherIsNoisier: ({ quality }) => (quality === null ? null : -quality),
};
