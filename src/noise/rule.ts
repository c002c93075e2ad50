import type { Evidence } from '../core/records.js';

export interface RuleSettings {
  /** Degrees. */
  angle: number;
  dropAt: number;
  reviewAt: number;
}

/** What a rule says of one image, and why in words. */
export interface Call {
  says: 'clean' | 'unsure' | 'noise';
  because: string;
}

/** Tells noise from clean images. A new rule is one file and one line in rules.ts. */
export interface Rule {
  name: string;
  summary: string;
  /** Only keep and drop: no review, relabel, hard or duplicate. */
  bare: boolean;
  call(evidence: Evidence, pNoise: number, settings: RuleSettings): Call;
}
