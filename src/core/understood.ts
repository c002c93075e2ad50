/** What was understood of a source, in sentences for people; each once, in the order they came. */
export interface Understood {
  /** What a row of the source means, and what was left out or mended. */
  notes: string[];
  /** What is unlikely to be what the user wants, with the flag that changes it. */
  warnings: string[];
}

/** The reason why a sample is not used when nothing says whose it is; the same in every reader. */
export const UNLABELLED = 'unlabelled: nothing says whose it is';

/** Reasons without the numbers and names in them, the most frequent first; a request to forget keeps its date and number. */
export function countReasons(reasons: Iterable<string>): { reason: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const one of reasons) {
    const reason = /^forgotten on \d/.test(one) ? one : one.replace(/"[^"]*"/g, '"…"').replace(/(?<!\w)\d[\d,]*/g, 'n');
    counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  return [...counts].map(([reason, count]) => ({ reason, count })).sort((a, b) => b.count - a.count);
}
