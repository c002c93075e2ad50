import type { Survey } from './survey.js';

const surely = (confidence: number): string => `confidence ${confidence.toFixed(2)}`;

/** What sift proposes about each name and nobody has answered, in words, by name. */
export function proposalsInWords({ nameQuestions }: Survey): Map<string, string[]> {
  const words = new Map<string, string[]>();
  const add = (name: string, sentence: string): void => {
    words.set(name, [...(words.get(name) ?? []), sentence]);
  };
  for (const asked of nameQuestions.filter(({ answer }) => answer === null)) {
    const sure = surely(asked.confidence);
    if (asked.kind === 'merge') {
      const [a, b] = asked.names;
      add(a, `${b} may be the same person (${sure}).`);
      add(b, `${a} may be the same person (${sure}).`);
    } else if (asked.kind === 'split') {
      const { groups } = asked.split;
      const counts = groups.map(({ count }) => count).join(' + ');
      add(asked.names[0], `It may be ${groups.length} people: ${counts} images (${sure}).`);
    }
  }
  return words;
}
