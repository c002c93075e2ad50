import { unanswered } from '../identities/label-proposals.js';
import type { NoiseResult } from '../noise/detect-noise.js';

/** What a result of `sift` tells of the noise, on the images of a workspace and on features of the user's own model alike. */
export function siftFigures({ noiseRate, cut, withheld, unjudged, ruleCounts, proposals }: NoiseResult) {
  const { dropAt, reviewAt, expected } = cut;
  return {
    ...{ noiseRate, cut: { dropAt, reviewAt }, expected },
    ...(withheld && { withheld }),
    ...(unjudged.length > 0 && { unjudged }),
    ruleCounts,
    proposals: { merges: unanswered(proposals.merges).length, splits: unanswered(proposals.splits).length },
  };
}
