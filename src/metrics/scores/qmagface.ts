import { fitQualityWeight } from '../fit-qmagface.js';
import type { Score } from '../pair-score.js';

/**
 * Cosine c and the pair's quality q: c + q min(0, beta c - alpha). No cosine any more: at most c, unbounded below, with
 * thresholds of its own. alpha and beta belong to one network's lengths.
 */
export const qmagface: Score = {
  name: 'qmagface',
  reference: 'QMagFace, Terhörst et al. 2023, eq. 6',
  fit: fitQualityWeight,
  higherIsMoreAlike: (cosine, quality, { alpha, beta }) => cosine + quality * Math.min(0, beta * cosine - alpha),
};
