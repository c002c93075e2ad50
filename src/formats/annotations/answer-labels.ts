import { verdictNames } from '../../core/records.js';
import type { Answer } from './format.js';
import type { Suggestion } from './suggestion.js';

/** Label of an image that nobody answered for. */
export const UNANSWERED = 'review';

/** A relabel as one word, for tools whose labels have no attributes: `relabel=Ada Lovelace`. */
const RELABEL = /^relabel=(.*)$/s;
/** And the right one of several faces: `wrong-face=2`. */
const WRONG_FACE = /^wrong-face=(.*)$/s;

export function labelOf(given: Suggestion | undefined): string {
  if (given === undefined) return UNANSWERED;
  if (given.verdict === 'wrong-face') return `wrong-face=${given.face}`;
  return given.verdict === 'relabel' ? `relabel=${given.identity}` : given.verdict;
}

export function answerOfLabel(label: string): Pick<Answer, 'verdict' | 'identity' | 'face'> {
  const relabel = RELABEL.exec(label);
  if (relabel) return { verdict: 'relabel', identity: relabel[1] };
  const wrongFace = WRONG_FACE.exec(label);
  if (wrongFace) return { verdict: 'wrong-face', identity: '', face: wrongFace[1] };
  return { verdict: label === UNANSWERED || label === 'no_label' ? '' : label, identity: '' };
}

/** True for what `labelOf` may give, and for images that were put aside without an answer. */
export const isAnswerLabel = (label: string): boolean =>
  (verdictNames as readonly string[]).includes(label) ||
  RELABEL.test(label) ||
  WRONG_FACE.test(label) ||
  label === UNANSWERED ||
  label === 'no_label';
