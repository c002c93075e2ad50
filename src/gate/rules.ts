import type { GateRule } from './rule.js';
import { drift } from './rules/drift.js';
import { droppedPerIdentity } from './rules/dropped-per-identity.js';
import { duplicateRate } from './rules/duplicate-rate.js';
import { identities } from './rules/identities.js';
import { imagesPerIdentity } from './rules/images-per-identity.js';
import { indexRecall } from './rules/index-recall.js';
import { mergeProposals } from './rules/merge-proposals.js';
import { noiseRate } from './rules/noise-rate.js';
import { referenceOverlap } from './rules/reference-overlap.js';
import { reviewRate } from './rules/review-rate.js';
import { splitProposals } from './rules/split-proposals.js';
import { unreadableRate } from './rules/unreadable-rate.js';
import { verificationAccuracy } from './rules/verification-accuracy.js';

/** Every rule of the gate: one file and one line here. */
export const gateRules: readonly GateRule[] = [
  noiseRate,
  unreadableRate,
  duplicateRate,
  reviewRate,
  identities,
  imagesPerIdentity,
  droppedPerIdentity,
  mergeProposals,
  splitProposals,
  referenceOverlap,
  verificationAccuracy,
  indexRecall,
  drift,
];
