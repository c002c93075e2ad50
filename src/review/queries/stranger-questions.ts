import { ConfigError } from '../../core/errors.js';
import type { EffectiveNames } from '../../identities/names/effective-names.js';
import { isIdentityName, type NameVerdict } from '../../identities/names/name-verdicts.js';
import type { Stranger } from '../strangers.js';
import type { NameAnswer } from './api-types.js';

/** The images as one person, and those that are somebody else: as a person divided them, else as they were found. */
export function sidesOf({ images, given }: Stranger): [one: string[], others: string[]] {
  const others = new Set(given !== null && 'others' in given.verdict ? given.verdict.others : []);
  return [images.filter((path) => !others.has(path)), images.filter((path) => others.has(path))];
}

/** How a person answers: `name` where they say who it is. */
export interface StrangerAnswer {
  answer: NameAnswer;
  /** Images that go to the other side than they are shown on: path -> side, 0 or 1. */
  moved: ReadonlyMap<string, number>;
  name?: string;
}

/**
 * The verdict that answers a question about dropped images. A name that is in use assigns them to that person; any other
 * becomes a person of their own.
 * @param names as if the question had not been answered
 * @throws ConfigError when the name cannot be one, or no image is left
 */
export function strangerVerdict(
  names: EffectiveNames,
  stranger: Stranger,
  { answer, moved, name }: StrangerAnswer,
): NameVerdict {
  const { isKnown, all, name: proposed } = stranger;
  if (answer === 'different') return { kind: 'unrelated', ...(isKnown && { name: proposed }), images: all };
  const [one, others] = sidesOf(stranger);
  const side = (path: string, shown: number): boolean => (moved.get(path) ?? shown) === 0;
  const images = [...one.filter((path) => side(path, 0)), ...others.filter((path) => side(path, 1))].sort();
  if (images.length === 0) throw new ConfigError('No face is left of this person.', ['Move at least one back.']);
  const left = all.filter((path) => !images.includes(path));
  return { ...personOf(names, stranger, name), images, ...(left.length > 0 && { others: left }) };
}

function personOf(
  names: EffectiveNames,
  { isKnown, name: proposed, given }: Stranger,
  typed: string | undefined,
): { kind: 'discover' | 'assign'; name: string } {
  if (typed !== undefined) {
    if (!isIdentityName(typed))
      throw new ConfigError(`"${typed}" cannot be the name of an identity.`, [
        'A name has at least one letter, no slash.',
      ]);
    const inUse = names.resolve(typed);
    return inUse === undefined ? { kind: 'discover', name: typed } : { kind: 'assign', name: inUse };
  }
  if (given !== null && (given.verdict.kind === 'discover' || given.verdict.kind === 'assign')) {
    const { kind, name } = given.verdict;
    return { kind, name: name ?? proposed };
  }
  return { kind: isKnown ? 'assign' : 'discover', name: proposed };
}
