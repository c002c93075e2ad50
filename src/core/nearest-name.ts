import { closest, distance } from 'fastest-levenshtein';

/** `did you mean` suggestions for a mistyped name: none when nothing is near. */
export function suggestName(wrong: string, known: readonly string[]): string[] {
  if (known.length === 0) return [];
  const nearest = closest(wrong, known as string[]);
  return distance(wrong, nearest) <= Math.max(2, wrong.length / 2) ? [`Did you mean "${nearest}"?`] : [];
}
