import type { Signal } from './signal.js';
import { cosineToDominant } from './signals/cosine-to-dominant.js';
import { neighbourAgreement } from './signals/neighbour-agreement.js';
import { rivalMargin } from './signals/rival-margin.js';
import { trainingMargin } from './signals/training-margin.js';

/** Every signal: one file and one line here. */
export const signals: readonly Signal[] = [cosineToDominant, rivalMargin, neighbourAgreement, trainingMargin];
