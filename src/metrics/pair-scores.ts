import type { Score } from './pair-score.js';
import { fitQualityWeight } from './fit-qmagface.js';

/** The cosine itself, [-1, 1]. */
const cosine: Score = {
  name: 'cosine',
  reference: 'ArcFace, Deng et al. 2019',
  higherIsMoreAlike: (cosine) => cosine,
};

/**
 * Cosine c and the pair's quality q: c + q min(0, beta c - alpha). No cosine any more: at most c, unbounded below, with
 * thresholds of its own. alpha and beta belong to one network's lengths.
 */
const qmagface: Score = {
  name: 'qmagface',
  reference: 'QMagFace, Terhörst et al. 2023, eq. 6',
  fit: fitQualityWeight,
  higherIsMoreAlike: (cosine, quality, { alpha, beta }) => cosine + quality * Math.min(0, beta * cosine - alpha),
};

/** Every score: one value above and one line here. The first is the default. */
export const scores: readonly Score[] = [cosine, qmagface];

export const scoreNames = scores.map(({ name }) => name);

export const scoreByName = (name: string): Score => scores.find((score) => score.name === name)!;
