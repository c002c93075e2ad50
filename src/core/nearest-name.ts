import { closest, distance } from 'fastest-levenshtein';

/** The known name that `wrong` is most likely a typo of; the same number with other zeros before it comes first. */
export function nearestName(wrong: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined;
  const number = known.find((name) => /^\d+$/.test(wrong) && /^\d+$/.test(name) && Number(name) === Number(wrong));
  if (number !== undefined) return number;
  const nearest = closest(wrong, known as string[]);
  return distance(wrong, nearest) <= Math.max(2, wrong.length / 2) ? nearest : undefined;
}

/** `did you mean` suggestions for a mistyped name: none when nothing is near. */
export function suggestName(wrong: string, known: readonly string[]): string[] {
  const nearest = nearestName(wrong, known);
  return nearest === undefined ? [] : [`Did you mean "${nearest}"?`];
}
