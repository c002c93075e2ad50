import type { Score } from './pair-score.js';
import { cosine } from './scores/cosine.js';
import { qmagface } from './scores/qmagface.js';

/** Every score: one file and one line here. The first is the default. */
export const scores: readonly Score[] = [cosine, qmagface];

export const scoreNames = scores.map(({ name }) => name);

export const scoreByName = (name: string): Score => scores.find((score) => score.name === name)!;
