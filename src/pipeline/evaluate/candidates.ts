import { keptImages, type PurifiedList } from '../../workspace/purified-list.js';
import type { Run } from '../../workspace/runs.js';
import type { PairCandidate } from '../../metrics/make-pairs.js';

/** Kept images, and which of them retraining did not see; all of them, when nothing was retrained. */
export function candidatesOf(list: PurifiedList, after: Run | undefined): PairCandidate[] {
  const heldOut = new Set((after?.inputs as { heldOut?: string[] } | undefined)?.heldOut);
  return keptImages(list).map(({ image, finalIdentity }) => ({
    index: image.slot,
    identity: finalIdentity,
    heldOut: after === undefined || heldOut.has(image.path),
  }));
}
