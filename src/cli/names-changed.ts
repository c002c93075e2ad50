import { z } from 'zod';
import { inWords } from '../identities/names/name-verdict-words.js';
import type { NameVerdict } from '../identities/names/name-verdicts.js';

/** What every command that says something of names returns. */
export const changedSchema = z.object({ changed: z.number().int() });

const FIRST = 20;

/** What was said, and what to do next. @param nothing what to say where nothing changed */
export function describeNamesChanged(
  { changed, verdicts }: { changed: number; verdicts: readonly NameVerdict[] },
  nothing: string,
): string[] {
  if (changed === 0) return [nothing];
  const rest = verdicts.length > FIRST ? [`and ${verdicts.length - FIRST} more`] : [];
  return [
    ...verdicts.slice(0, FIRST).map(inWords),
    ...rest,
    '`facesieve sift` decides with the new names, `facesieve purify` writes them; `facesieve identities undo` takes this back',
  ];
}
