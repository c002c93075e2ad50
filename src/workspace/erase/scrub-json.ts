import { type Forbidden, scrubText } from './scrub-text.js';

/** Keys of JSON of ours under which names of identities stand, alone or in a list; elsewhere a word is no name. */
const nameKeys = new Set([
  ...['identity', 'rivalIdentity', 'suggestedIdentity', 'identities', 'emptiedIdentities'],
  ...['a', 'b', 'other', 'reference', 'person'],
]);

/** Cosines and shares that are of the rival alone. */
const ofRival = ['rivalCos', 'rivalAgreement'];

/**
 * `value` without what names something forbidden: such elements of lists are left out, such values are null, and where a
 * path stands within a sentence it is replaced. Returns the same object when nothing was there.
 * @param key under which the value stands
 */
export function scrubJson(value: unknown, forbidden: Forbidden, key = ''): unknown {
  if (typeof value === 'string') return scrubText(value, { ...forbidden, identities: none });
  if (Array.isArray(value)) {
    const kept = value.filter((item) => !namesForbidden(item, forbidden, key));
    const scrubbed = kept.map((item) => scrubJson(item, forbidden, key));
    return kept.length === value.length && scrubbed.every((item, i) => item === kept[i]) ? value : scrubbed;
  }
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([name, item]): [string, unknown] => [
    name,
    isForbidden(item, forbidden, name) ? null : scrubJson(item, forbidden, name),
  ]);
  if (entries.every(([name, item]) => item === (value as Record<string, unknown>)[name])) return value;
  const scrubbed = Object.fromEntries(entries);
  if ('rivalIdentity' in scrubbed && scrubbed.rivalIdentity === null) for (const name of ofRival) scrubbed[name] = null;
  return scrubbed;
}

const none: ReadonlySet<string> = new Set();

/** True for what names something forbidden outright, or has a property that does. */
function namesForbidden(item: unknown, forbidden: Forbidden, key: string): boolean {
  if (typeof item !== 'object' || item === null || Array.isArray(item)) return isForbidden(item, forbidden, key);
  return Object.entries(item).some(([name, property]) => isForbidden(property, forbidden, name));
}

const isForbidden = (value: unknown, { paths, identities }: Forbidden, key: string): boolean =>
  typeof value === 'string' && (paths.has(value) || (nameKeys.has(key) && identities.has(value)));

/** Lists of paths in a verdict on names; every other string of it is a name or the kind of the verdict. */
const pathKeys = new Set(['images', 'others']);

/** A verdict on names in which forbidden names are null and forbidden paths are left out: what it says of the others holds. */
export function scrubNameVerdict(value: unknown, { paths, identities }: Forbidden): unknown {
  const scrub = (item: unknown, key: string): unknown => {
    if (typeof item === 'string') return key !== 'kind' && identities.has(item) ? null : item;
    if (Array.isArray(item))
      return pathKeys.has(key) ? item.filter((path) => !paths.has(path as string)) : item.map((one) => scrub(one, key));
    if (typeof item !== 'object' || item === null) return item;
    return Object.fromEntries(Object.entries(item).map(([name, property]) => [name, scrub(property, name)]));
  };
  const scrubbed = scrub(value, '');
  return JSON.stringify(scrubbed) === JSON.stringify(value) ? value : scrubbed;
}
