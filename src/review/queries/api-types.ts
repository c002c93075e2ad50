import type { DecisionName, IdentityVerdict, VerdictName } from '../../core/records.js';

/** What the page is told; the page's own modules are checked against these. Faces are slots of the crop file. */

export interface Progress {
  questions: number;
  answered: number;
}

export interface SessionAnswer {
  reviewer: string;
  run: string;
  /** Changes when the images or decisions are others: pictures are asked for with it, so old ones are not shown. */
  version: string;
  decisions: Record<DecisionName, Progress>;
  /** Images by decision, after what people said: what purify would write now. */
  final: Record<DecisionName, number>;
  /** The command that writes the purified set with what was said. */
  next: string;
  /** Questions about names: proposals to merge and to split. */
  names: Progress;
  /** Names that people said are several people. */
  severalPeople: IdentityVerdict[];
}

export interface IdentityEntry extends Progress {
  name: string;
}

export interface IdentitiesAnswer extends Progress {
  /** How many there are with such questions. */
  total: number;
  items: IdentityEntry[];
}

/** Another name, as far as it matters here. */
export interface RivalAnswer {
  identity: string;
  /** Degrees from the rival's centre. */
  angle: number | null;
  faces: number[];
}

export interface CopyAnswer {
  path: string;
  identity: string;
  face: number | null;
}

export interface GivenAnswer {
  verdict: VerdictName;
  identity: string | null;
  /** Number of the face that a person chose, from 1. */
  faceNumber: number | null;
  reviewer: string;
  givenAt: string;
}

export interface FaceBoxAnswer {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** Which face of an image is shown. */
export interface ShownFace {
  face: number;
  /** Its number, from 1: the face that a person chose, else the one that was judged; null where none was looked for. */
  faceNumber: number | null;
}

export interface QuestionAnswer extends ShownFace {
  /** The image's id. */
  id: number;
  path: string;
  /** Size of the photograph in pixels. */
  width: number;
  height: number;
  /** All faces that were found in it, in the order of their numbers; boxes are in pixels of the photograph. */
  faces: { slot: number; box: FaceBoxAnswer | null }[];
  decision: DecisionName;
  reason: string;
  words: string[];
  pNoise: number | null;
  /** Degrees from the identity's other images, and from its dominant sub-centre. */
  angle: number | null;
  angleDominant: number | null;
  neighbourAgreement: number | null;
  rival: RivalAnswer | null;
  copies: CopyAnswer[];
  /** What a person said, as long as it leaves nothing to ask: a face that was chosen is judged by the next sift. */
  verdict: GivenAnswer | null;
}

export interface IdentityAnswer {
  name: string;
  images: number;
  /** Images that are neither questioned nor left out. */
  faces: number[];
  dominantShare: number | null;
  severalPeople: IdentityVerdict | null;
  /** What sift proposes about the name, in words. */
  proposals: string[];
  /** Its place among the identities with such questions, from 1; null when it has none. */
  place: number | null;
  places: number;
  previous: string | null;
  next: string | null;
  total: number;
  questions: QuestionAnswer[];
}

export interface NamesAnswer {
  items: { name: string; images: number; face: number | null }[];
}

/** After something was said or taken back. */
export type SaidAnswer = Pick<SessionAnswer, 'decisions' | 'severalPeople' | 'names' | 'final'>;

export interface TakenBackAnswer extends Omit<SaidAnswer, 'names'> {
  nameProgress: Progress;
  /** Where to look; null when there was nothing left to take back. */
  identity: string | null;
  /** The image, if one was spoken of, and what holds of it now. */
  image: number | null;
  verdict: GivenAnswer | null;
  shown: ShownFace | null;
  /** The question about names that was spoken of, if it is one of this run. */
  nameQuestion: string | null;
  /** Verdicts on names, in words. */
  names: string[];
  /** How many images were spoken of at once. */
  images: number;
  /** False when these are several, and that was not asked for: then nothing was taken back. */
  done: boolean;
}

/** How a question about names was answered. */
export type NameAnswer = 'one-person' | 'different';

export interface NameQuestionEntry {
  /** Names the question while the run is current: `merge-0`. */
  key: string;
  /** `stranger`: dropped images that may be one unknown person; `known`: that may be somebody who has a name. */
  kind: 'merge' | 'split' | 'stranger' | 'known';
  /** As they are called now. */
  names: string[];
  confidence: number;
  answer: NameAnswer | null;
}

export interface NameQuestionsAnswer {
  items: NameQuestionEntry[];
  /** How far the search for people among the dropped images is; why there is none when it failed, and where only a sample was looked at. */
  search: { state: 'searching' | 'found' | 'failed'; message?: string };
}

export interface FaceAnswer {
  /** The image's id. */
  id: number;
  path: string;
  face: number;
}

/** A question about names: faces in two groups, or more where a name seems to be more people. */
export interface NameQuestionAnswer extends NameQuestionEntry {
  /**
   * Of a merge by name; of a split by person, first whom the name means; of dropped images the one person and those that
   * were taken out. `images` counts all of them.
   */
  groups: { name: string; images: number; faces: FaceAnswer[] }[];
  /** Of dropped images: the names that they were found under, sorted; else none. */
  foundUnder: string[];
  /** Of dropped images that may be somebody who has a name: how that person looks. */
  person: { name: string; images: number; faces: FaceAnswer[] } | null;
  /** The most alike pairs across. */
  pairs: { a: FaceAnswer; b: FaceAnswer; cosine: number }[];
  /** Who answered it, and when. */
  given: { reviewer: string; givenAt: string } | null;
  /** Its place among the questions about names, from 1. */
  place: number;
  places: number;
  previous: string | null;
  next: string | null;
}
