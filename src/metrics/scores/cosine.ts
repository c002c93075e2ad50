import type { Score } from '../pair-score.js';

/** The cosine itself, [-1, 1]. */
export const cosine: Score = {
  name: 'cosine',
  reference: 'ArcFace, Deng et al. 2019',
  higherIsMoreAlike: (cosine) => cosine,
};
