import { describe, expect, it } from 'vitest';
import { longestSentence, proseFaults } from '../scripts/plain-english.js';

const found = (text: string, options?: { sentences: boolean }): string[] =>
  proseFaults(text, options).map(({ message }: { message: string }) => message);
const words = (count: number): string =>
  Array.from({ length: count }, (_, i) => (i === 0 ? 'Word' : `word${i}`)).join(' ');

describe('the prose linter', () => {
  it.each([
    ['a private word', 'The rival is nearer.'],
    ['an archaic turn', 'Verdicts are kept for ever.'],
    ['"a" for "per" after a number of things', 'Ten images a person are enough.'],
    ['"a" for "per" after one thing', 'It writes a row a pair.'],
    ['a turn that a line end divides', 'No other dataset\nhas a\nsay in it.'],
    ['a word written twice', 'Read the\nthe page.'],
  ])('reports %s', (_, text) => {
    expect(found(text)).toHaveLength(1);
  });

  it('reports a sentence of 41 words, not one of 40', () => {
    expect(longestSentence).toBe(40);
    expect(found(`Short. ${words(40)}. Short.`)).toEqual([]);
    expect(found(`Short. ${words(41)}. Short.`)).toEqual([expect.stringContaining('41 words')]);
    expect(found(words(41), { sentences: false })).toEqual([]);
  });

  it.each(['One row per pair.', 'An image without a face is dropped.', 'Each image of a person is embedded once.'])(
    'accepts "%s"',
    (text) => expect(found(text)).toEqual([]),
  );

  it('names the place of each fault', () => {
    expect(proseFaults('The weights a class has, and the rival.').map(({ index }: { index: number }) => index)).toEqual(
      [4, 33],
    );
  });
});
