import { ConfigError, FacesieveError } from '../../core/errors.js';
import type { EffectiveNames } from './effective-names.js';
import { inWords } from './name-verdict-words.js';
import { type NameVerdict, isIdentityName } from './name-verdicts.js';
import { suggestName } from '../../core/nearest-name.js';

/** A name that is none of this workspace's. */
export class UnknownIdentityError extends FacesieveError {}

/** A verdict that would undo or mix up what holds of a name. */
export class NameConflictError extends FacesieveError {}

/** The parts of a name that is divided; `name` is chosen where none is given. */
export interface Part {
  name?: string;
  images: readonly string[];
}

/** Null where the two are one person already. @throws UnknownIdentityError, NameConflictError, ConfigError */
export function mergeVerdict(
  names: EffectiveNames,
  a: string,
  b: string,
  into?: string,
): Extract<NameVerdict, { kind: 'merge' }> | null {
  if (a === b) throw new ConfigError(`"${a}" cannot be merged with itself.`, ['Name two identities.']);
  const [one, other] = [knownName(names, a), knownName(names, b)];
  if (one === other) {
    if (into === undefined || into === one) return null;
    throw new NameConflictError(`"${a}" and "${b}" are one person already, called "${one}".`, [
      `facesieve identities rename "${one}" "${into}"`,
    ]);
  }
  for (const name of [a, b]) requireStanding(names, name);
  const called = into ?? a;
  refuseTaken(names, called, [a, b], `merge "${a}" and "${called}" as well.`);
  return { kind: 'merge', a, b, into: called };
}

/** Null where it is called that already. @throws UnknownIdentityError, NameConflictError, ConfigError */
export function renameVerdict(names: EffectiveNames, from: string, to: string): NameVerdict | null {
  if (from === to) throw new ConfigError(`"${from}" is called that already.`, ['Name another name to give it.']);
  const now = knownName(names, from);
  if (now === to) return null;
  requireStanding(names, from);
  refuseTaken(names, to, [from], `facesieve identities merge "${to}" "${from}"`);
  return { kind: 'rename', name: from, into: to };
}

/**
 * @param parts the first part keeps the name unless it is given another; the others are called NAME~2, NAME~3, ... unless
 * they are. @throws UnknownIdentityError, NameConflictError, ConfigError
 */
export function splitVerdict(
  names: EffectiveNames,
  name: string,
  parts: readonly Part[],
): Extract<NameVerdict, { kind: 'split' }> {
  requireStanding(names, name);
  if (parts.length < 2 || parts.some(({ images }) => images.length === 0))
    throw new ConfigError(`"${name}" can only be split into two groups of images or more.`, [
      'Put at least one image into each group.',
    ]);
  const given = parts.flatMap((part) => part.name ?? []);
  for (const part of given)
    refuseTaken(names, part, [name], 'give that group another name, then merge it with this one.');
  if (new Set(given).size < given.length)
    throw new ConfigError(`Two groups of "${name}" have the same name.`, ['Give each group a different name.']);
  const taken = new Set([...names.all(), ...given]);
  taken.delete(name);
  const free = freeNames(name, taken);
  const named = parts.map(({ name: wanted, images }, i) => ({
    name: wanted ?? (i === 0 && !taken.has(name) ? name : free.next().value),
    images: [...images].sort(),
  }));
  return { kind: 'split', name, parts: named };
}

/** NAME~2, NAME~3, ... as far as they are not taken. */
function* freeNames(name: string, taken: ReadonlySet<string>): Generator<string, never> {
  for (let number = 2; ; number++) if (!taken.has(`${name}~${number}`)) yield `${name}~${number}`;
}

/** @throws UnknownIdentityError, NameConflictError when it is called something else now */
export function requireStanding(names: EffectiveNames, name: string): void {
  const now = knownName(names, name);
  if (now !== name) throw calledOtherwise(names, name, now);
}

/** What `name` is called now. @throws UnknownIdentityError when no image has or had that name */
function knownName(names: EffectiveNames, name: string): string {
  const now = names.resolve(name);
  if (now !== undefined) return now;
  const all = names.all();
  const near = suggestName(name, all);
  throw new UnknownIdentityError(
    `"${name}" is not an identity of this workspace.`,
    near.length > 0
      ? near
      : [all.length === 0 ? 'facesieve ingest SOURCE' : `Names are for example ${all.slice(0, 3).join(', ')}.`],
  );
}

/** A name that became another can only be spoken of as that. */
function calledOtherwise(names: EffectiveNames, asked: string, now: string): NameConflictError {
  const why = names.verdicts.findLast(
    ({ verdict }) =>
      (verdict.kind === 'merge' && (verdict.a === asked || verdict.b === asked)) ||
      ((verdict.kind === 'split' || verdict.kind === 'rename') && verdict.name === asked),
  );
  const said = why ? ` ${inWords(why.verdict)} (verdict of ${why.reviewer}, ${why.givenAt.slice(0, 10)}).` : '';
  return new NameConflictError(`"${asked}" is called "${now}" now.${said}`, [
    `Say it of "${now}", or take that verdict back with \`facesieve identities undo --reviewer ${why?.reviewer ?? 'NAME'}\`.`,
  ]);
}

/** @param own names that may be given anew @throws NameConflictError, ConfigError */
function refuseTaken(names: EffectiveNames, name: string, own: readonly string[], instead: string): void {
  if (!isIdentityName(name))
    throw new ConfigError(`"${name}" cannot be the name of an identity.`, [
      'A name has at least one letter, no slash, and is not "." or "..".',
    ]);
  if (own.includes(name) || !names.has(name)) return;
  throw new NameConflictError(`"${name}" is an identity already.`, [
    `To make them one person: ${instead}`,
    'Otherwise choose another name.',
  ]);
}
