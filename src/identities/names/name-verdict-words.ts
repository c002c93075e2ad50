import type { GivenNameVerdict, NameVerdict } from './name-verdicts.js';
import { quantity } from '../../core/text/quantity.js';

const gone = '(forgotten)';
const imagesIn = ({ images }: { images: readonly string[] }): string => quantity(images.length, 'image');
const called = (name: string | null): string => name ?? gone;

/** What a verdict on names says, as a sentence without an end. */
export function inWords(verdict: NameVerdict): string {
  switch (verdict.kind) {
    case 'merge':
      return `${called(verdict.a)} and ${called(verdict.b)} are one person, called ${called(verdict.into)}`;
    case 'different':
      return `${called(verdict.a)} and ${called(verdict.b)} are two people`;
    case 'split':
      return `${called(verdict.name)} is ${verdict.parts.length} people: ${verdict.parts.map(({ name }) => called(name)).join(', ')}`;
    case 'one-person':
      return `${called(verdict.name)} is one person`;
    case 'rename':
      return `${called(verdict.name)} is called ${called(verdict.into)}`;
    case 'discover':
      return `${imagesIn(verdict)} show one person, called ${called(verdict.name)}`;
    case 'assign':
      return `${imagesIn(verdict)} show ${called(verdict.name)}`;
    case 'unrelated':
      return `${imagesIn(verdict)} are not ${verdict.name === undefined ? 'one person' : called(verdict.name)}`;
  }
}

/** The same with who said it. */
export const nameVerdictWords = (given: readonly GivenNameVerdict[]): string[] =>
  given.map(({ verdict, reviewer }) => `${inWords(verdict)} (verdict of ${reviewer})`);
