import { readProposals } from '../../store/proposals.js';
import type { Workspace } from '../../store/workspace.js';

const surely = (confidence: number): string => `confidence ${confidence.toFixed(2)}`;

/** What sift run `run` proposes about each name, in words, by name. */
export function proposalsInWords(workspace: Workspace, run: string): Map<string, string[]> {
  const { merges, splits } = readProposals(workspace, run);
  const words = new Map<string, string[]>();
  const add = (name: string, sentence: string): void => {
    words.set(name, [...(words.get(name) ?? []), sentence]);
  };
  for (const { a, b, confidence } of merges) {
    add(a, `${b} may be the same person (${surely(confidence)}).`);
    add(b, `${a} may be the same person (${surely(confidence)}).`);
  }
  for (const { identity, groups, confidence } of splits)
    add(
      identity,
      `It may be ${groups.length} people: ${groups.map(({ count }) => count).join(' + ')} images (${surely(confidence)}).`,
    );
  return words;
}
