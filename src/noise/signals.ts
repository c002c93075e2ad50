import type { Signal } from './signal.js';
import { cosineToDominant } from './signals/cosine-to-dominant.js';
import { dominantShare } from './signals/dominant-share.js';
import { neighbourAgreement } from './signals/neighbour-agreement.js';
import { ownLikeness } from './signals/own-likeness.js';
import { quality } from './signals/quality.js';
import { rivalMargin } from './signals/rival-margin.js';
import { subcenterGap } from './signals/subcenter-gap.js';
import { trainingMargin } from './signals/training-margin.js';

/** Every signal: one file and one line here. What each finds alone: docs/benchmarks.md. */
export const signals: readonly Signal[] = [
  ownLikeness,
  rivalMargin,
  cosineToDominant,
  subcenterGap,
  dominantShare,
  neighbourAgreement,
  trainingMargin,
  quality,
];
