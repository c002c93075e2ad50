import type { CroppedImage, Decision, DecisionName, VerdictName } from './records.js';

/** What a person said of an image. `identity` is where a relabelled image goes. */
export interface Verdict {
  path: string;
  verdict: VerdictName;
  identity: string | null;
}

export interface GivenVerdict extends Verdict {
  reviewer: string;
  givenAt: string;
}

/** A decision with what a person said of it; `final` is what counts. */
export interface EffectiveDecision extends Decision {
  verdict: GivenVerdict | null;
  final: DecisionName;
  /** Its name by verdicts on names, whatever was decided of the image. */
  name: string;
  /** Identity the image ends up under; null when it is left out. */
  finalIdentity: string | null;
}

/** Every ingested image with what was finally decided of it. */
export interface DecidedImage extends EffectiveDecision {
  image: CroppedImage;
}
