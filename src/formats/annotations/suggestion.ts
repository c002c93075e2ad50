import { type VerdictName, verdictSchema } from '../../core/records.js';
import type { DecisionRecord } from './decision-table.js';

/** What a tool shows as our guess. `review` is none: those are the images that somebody else must answer for. */
export interface Suggestion {
  verdict: VerdictName;
  /** Of a relabel. */
  identity: string | null;
  /** Number, from 1, of the face that it is about; null where nothing is known of faces. */
  face: string | null;
}

/** Our decision where it could be a verdict. */
export const suggestionOf = ({ decision, suggested_identity }: DecisionRecord): Suggestion | undefined =>
  asSuggestion(decision, suggested_identity, null);

/** What a person said already. */
export const givenVerdictOf = ({ verdict, suggested_identity, face }: DecisionRecord): Suggestion | undefined =>
  asSuggestion(verdict, suggested_identity, face);

function asSuggestion(
  word: DecisionRecord['verdict'],
  identity: DecisionRecord['suggested_identity'],
  face: DecisionRecord['face'],
): Suggestion | undefined {
  const parsed = verdictSchema.safeParse(word);
  if (!parsed.success) return undefined;
  return {
    verdict: parsed.data,
    identity: parsed.data === 'relabel' ? String(identity ?? '') : null,
    face: face === null ? null : String(face),
  };
}

/** How sure a decision is, [0, 1]: p_noise where the label is called wrong, 1 - p_noise otherwise; undefined = not known. */
export function sureness({ decision, p_noise }: DecisionRecord): number | undefined {
  if (typeof p_noise !== 'number' || decision === 'duplicate') return undefined;
  return decision === 'drop' || decision === 'relabel' ? p_noise : Number((1 - p_noise).toFixed(6));
}
