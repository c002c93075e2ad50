import type { DecisionName } from '../core/records.js';
import type { openProposals } from '../workspace/proposals.js';
import type { Baseline } from './baseline.js';
import type { SetProfile } from './set-profile.js';

/** A figure of the workspace, or why there is none and what to run. */
export type Known<T> = { known: T } | { notRun: string };

/** An image as it was finally decided, verdicts applied. */
export interface JudgedImage {
  path: string;
  /** Its name by verdicts on names, whatever was decided of the image. */
  identity: string;
  final: DecisionName;
  /** Under whom it is in the purified set; null when it is left out. */
  finalIdentity: string | null;
  reason: string;
  pNoise: number | null; // 1 = certainly noise
}

/** What became of one identity; numbers of images. */
export interface IdentityCounts {
  identity: string;
  /** Found under it. */
  found: number;
  /** Of those: copies of others. */
  copies: number;
  dropped: number;
  /** Gone to other identities. */
  relabelled: number;
  /** In the purified set under it, wherever they were found. */
  left: number;
}

/** What the reference set shares with the set, and the purified set still holds. */
export interface StillShared {
  images: { path: string; reference: string; same: string }[];
  people: { identity: string; reference: string; cosine: number }[];
}

/** What the gate's rules are held against. Shares in [0, 1]. */
export interface Metrics {
  /** Files that could be read. */
  readable: number;
  unreadable: { path: string; reason: string }[];
  decided: Known<{ images: JudgedImage[]; identities: IdentityCounts[] }>;
  noiseRate: Known<number>;
  proposals: Known<ReturnType<typeof openProposals>>;
  shared: Known<StillShared>;
  verification: Known<{ accuracy: number; of: string }>;
  indexRecall: Known<number>;
  profile: Known<SetProfile>;
  baseline: Known<Baseline>;
}
