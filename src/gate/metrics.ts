/** What the gate's rules are held against. Shares in [0, 1]; null = not measured in this workspace. */
export interface Metrics {
  images: number;
  unreadable: number;
  duplicates: number;
  review: number;
  noiseRate: number | null;
  /** Images that stay, by identity as it was found; 0 for an emptied one. */
  keptByIdentity: Record<string, number>;
  /** Share of its images that an identity lost. */
  droppedByIdentity: Record<string, number>;
  verificationAccuracy: number | null;
  indexRecall: number | null;
  /** Pairs of names that seem to be one person, names that seem to be several; null when sift did not look. */
  mergeProposals: number | null;
  splitProposals: number | null;
  /** Images and people shared with the reference set; null without one. */
  referenceOverlap: number | null;
}
