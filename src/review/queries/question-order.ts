import { z } from 'zod';
import { decisionNames, decisionSchema, saysNoise } from '../../core/records.js';
import type { DecisionHead } from '../../workspace/decisions.js';
import type { IdentityEntry } from './api-types.js';
import { isClosed, type Survey } from './survey.js';

/** Which decisions are put as questions. */
export const questionFilterSchema = z.object({
  show: z
    .string()
    .default('review')
    .transform((list, context) => {
      const parsed = z.array(decisionSchema).min(1).safeParse(list.split(','));
      if (parsed.success) return new Set(parsed.data);
      context.addIssue({ code: 'custom', message: `show: some of ${decisionNames.join(', ')}` });
      return z.NEVER;
    }),
  /** `1`: only what nobody has answered. */
  open: z.enum(['0', '1']).default('1'),
  /** Part of an identity's name. */
  search: z.string().max(200).default(''),
});
export type QuestionFilter = z.infer<typeof questionFilterSchema>;

/**
 * Share in which a decision like this should be wrong as it stands: images that stay are wrong when they are noise, images
 * that go are wrong when they are not. Near the cut it is a half; a copy is a matter of pixels, and no doubt.
 */
export function doubtOf({ decision, pNoise }: DecisionHead): number {
  if (decision === 'duplicate') return 0;
  const p = pNoise ?? 0.5;
  return saysNoise(decision) ? 1 - p : p;
}

/** An identity's questions, the most doubtful first, whether answered or not. */
export const questionsOf = (survey: Survey, identity: string, { show }: QuestionFilter): DecisionHead[] =>
  (survey.byIdentity.get(identity) ?? [])
    .filter(({ decision }) => show.has(decision))
    .sort((a, b) => doubtOf(b) - doubtOf(a) || (a.path < b.path ? -1 : 1));

/**
 * Identities with questions, those first where most wrong decisions are to be expected: the sum of the doubts. Answers do
 * not change the order.
 */
export function identitiesInOrder(survey: Survey, { show, search }: QuestionFilter): IdentityEntry[] {
  const wanted = search.trim().toLowerCase();
  const entries: (IdentityEntry & { doubt: number })[] = [];
  for (const [name, heads] of survey.byIdentity) {
    if (wanted && !name.toLowerCase().includes(wanted)) continue;
    const entry = { name, questions: 0, answered: 0, doubt: 0 };
    for (const head of heads)
      if (show.has(head.decision)) {
        entry.questions++;
        entry.doubt += doubtOf(head);
        if (isClosed(survey, head)) entry.answered++;
      }
    if (entry.questions > 0) entries.push(entry);
  }
  entries.sort((a, b) => b.doubt - a.doubt || b.questions - a.questions || (a.name < b.name ? -1 : 1));
  return entries.map(({ name, questions, answered }) => ({ name, questions, answered }));
}

export const hasOpen = ({ questions, answered }: IdentityEntry): boolean => answered < questions;
