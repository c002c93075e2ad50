/** What decides the thresholds on p_noise; all in [0, 1]. */
export interface ThresholdSettings {
  dropAt: number;
  reviewAt: number;
  targetPrecision?: number;
  targetRecall?: number;
}

/** Thresholds on p_noise, and the precision and recall to expect if p_noise is right. */
export interface Cut {
  dropAt: number;
  reviewAt: number;
  /** Expected of the images that are dropped or relabelled; the precision of fewer than {@link LEAST_FLAGGED} is not known: null. */
  expected: { precision: number | null; recall: number | null };
}

/**
 * Chooses the threshold on p_noise: `dropAt`, unless a target is given. `targetPrecision`: the lowest threshold whose expected
 * precision reaches it. `targetRecall`: the highest whose expected recall does; with both, the lower recall wins.
 *
 * @param pNoise (N), [0, 1]
 */
export function chooseCut(pNoise: Float64Array, settings: ThresholdSettings): Cut {
  const sorted = Float64Array.from(pNoise).sort().reverse();
  const total = sorted.reduce((sum, p) => sum + p, 0);
  let dropAt = settings.dropAt;
  if (settings.targetRecall !== undefined)
    dropAt = lastWhere(sorted, (_, before) => before < settings.targetRecall! * total) ?? 1;
  if (settings.targetPrecision !== undefined) {
    const precise = lastWhere(sorted, (p, before, rank) => before + p >= settings.targetPrecision! * (rank + 1));
    dropAt = settings.targetRecall === undefined ? (precise ?? 1) : Math.max(dropAt, precise ?? 1);
  }
  dropAt = Math.max(dropAt, LEAST_CUT);
  return { dropAt, reviewAt: Math.min(settings.reviewAt, dropAt), expected: expectedAt(sorted, total, dropAt) };
}

/** However much recall is asked for: an image that is certainly clean is not dropped. */
const LEAST_CUT = 1e-6;

/** The last p, going down, for which `holds` does; `before` is the sum of those above it. */
function lastWhere(
  sorted: Float64Array,
  holds: (p: number, before: number, rank: number) => boolean,
): number | undefined {
  let [before, found] = [0, undefined as number | undefined];
  for (let rank = 0; rank < sorted.length; rank++) {
    if (!holds(sorted[rank], before, rank)) break;
    found = sorted[rank];
    before += sorted[rank];
  }
  return found;
}

/** Images from which an expected precision is good to some .05: two or three that the network fails at are in any set. */
export const LEAST_FLAGGED = 30;

const expectedAt = (sorted: Float64Array, total: number, dropAt: number): Cut['expected'] =>
  expectedOf(
    sorted.filter((p) => p >= dropAt),
    total,
  );

/**
 * Returns the precision and recall to expect of the images that were called noise: not always those above the threshold, since
 * proposals and rules decide as well.
 *
 * @param flagged p_noise of those images
 * @param total sum of p_noise of all images
 */
export function expectedOf(flagged: Float64Array, total: number): Cut['expected'] {
  const hits = flagged.reduce((sum, p) => sum + p, 0);
  return {
    precision: flagged.length < LEAST_FLAGGED ? null : hits / flagged.length,
    recall: total === 0 ? null : hits / total,
  };
}
