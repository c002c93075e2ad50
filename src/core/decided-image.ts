import type { CroppedImage, Decision, DecisionName, VerdictName } from './records.js';

/** What a person said of an image. `identity` is where a relabelled image goes. */
export interface Verdict {
  path: string;
  verdict: VerdictName;
  identity: string | null;
  /** The face that it is about, 0 = the likeliest subject; null where nobody chose one, absent where the choice stays. */
  face?: number | null;
}

export interface GivenVerdict extends Verdict {
  /** Null also where the face that was chosen is none of those that ingest found last. */
  face: number | null;
  reviewer: string;
  /** Who chose the face, where that was another person. */
  faceBy?: string;
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

/** A verdict that decides on its image: `wrong-face` leaves that to the next sift. */
type DecisiveVerdict = GivenVerdict & { verdict: Exclude<GivenVerdict['verdict'], 'wrong-face'> };

export const isDecisive = (verdict: GivenVerdict | null | undefined): verdict is DecisiveVerdict =>
  verdict != null && verdict.verdict !== 'wrong-face';

/** Whether a person chose another face than `judged`: the decision is then about the wrong one. */
export const awaitsItsFace = (verdict: GivenVerdict | null | undefined, judged: number | null | undefined): boolean =>
  verdict?.face != null ? verdict.face !== judged : verdict?.verdict === 'wrong-face';

/** Whether nothing is left to ask of an image until the next sift. @param judged the face that was judged */
export const isAnswered = (verdict: GivenVerdict | null | undefined, judged: number | null | undefined): boolean =>
  isDecisive(verdict) || awaitsItsFace(verdict, judged);

/** What holds of an image: what a person said, or the program's decision on the face that was chosen. */
export function finalOf(
  verdict: GivenVerdict | null | undefined,
  decision: DecisionName,
  judged: number | null | undefined,
): DecisionName {
  if (isDecisive(verdict)) return verdict.verdict;
  return awaitsItsFace(verdict, judged) ? 'review' : decision;
}

/** Why an image is what it is: who said so, or the program's reason; and who chose the face. */
export function reasonOf({
  verdict,
  reason,
  evidence,
}: Pick<EffectiveDecision, 'verdict' | 'reason' | 'evidence'>): string {
  const face = chosenFaceWords({ verdict, evidence });
  const said = isDecisive(verdict) ? `verdict of ${verdict.reviewer}` : undefined;
  const why = said ?? (awaitsItsFace(verdict, evidence.face) ? undefined : reason);
  return [why, face].filter((part) => part !== undefined).join('; ');
}

/** Who chose which face, and whether it was judged; undefined where nobody chose one. */
export function chosenFaceWords({
  verdict,
  evidence,
}: Pick<EffectiveDecision, 'verdict' | 'evidence'>): string | undefined {
  if (!verdict) return undefined;
  const { face, reviewer: last, faceBy: reviewer = last } = verdict;
  if (face === null)
    return verdict.verdict === 'wrong-face' ? `the face that ${reviewer} chose was not found again` : undefined;
  const which = `face ${face + 1}${evidence.faces === undefined ? '' : ` of ${evidence.faces}`}, chosen by ${reviewer}`;
  return face === evidence.face ? which : `${which}, is judged by the next sift`;
}
