/** What must not be read any more. */
export interface Forbidden {
  paths: ReadonlySet<string>;
  identities: ReadonlySet<string>;
}

const GONE = '(forgotten)';

/** Cosines and shares that are of the rival alone. */
const ofRival = ['rivalCos', 'rivalAgreement'];

/**
 * `value` without what names something forbidden: such elements of lists are left out, such values are null, and where a
 * path stands within a sentence it is replaced. Returns the same object when nothing was there.
 * @param strict names of identities count everywhere; otherwise only in lists, for records whose words may be anything
 */
export function scrubJson(value: unknown, forbidden: Forbidden, strict: boolean): unknown {
  if (typeof value === 'string') return scrubText(value, forbidden, strict);
  if (Array.isArray(value)) {
    const kept = value.filter((item) => !names(item, forbidden));
    const scrubbed = kept.map((item) => scrubJson(item, forbidden, strict));
    return kept.length === value.length && scrubbed.every((item, i) => item === kept[i]) ? value : scrubbed;
  }
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, item]): [string, unknown] => [
    key,
    isForbidden(item, forbidden) && (strict || forbidden.paths.has(item as string))
      ? null
      : scrubJson(item, forbidden, strict),
  ]);
  if (entries.every(([key, item]) => item === (value as Record<string, unknown>)[key])) return value;
  const scrubbed = Object.fromEntries(entries);
  if ('rivalIdentity' in scrubbed && scrubbed.rivalIdentity === null) for (const key of ofRival) scrubbed[key] = null;
  return scrubbed;
}

/** True for what names something forbidden outright, or has a property that does. */
function names(item: unknown, forbidden: Forbidden): boolean {
  if (typeof item !== 'object' || item === null || Array.isArray(item)) return isForbidden(item, forbidden);
  return Object.values(item).some((property) => isForbidden(property, forbidden));
}

const isForbidden = (value: unknown, { paths, identities }: Forbidden): boolean =>
  typeof value === 'string' && (paths.has(value) || identities.has(value));

/** @param strict replaces names of identities too, where they stand as a word */
export function scrubText(text: string, { paths, identities }: Forbidden, strict: boolean): string {
  let scrubbed = text;
  for (const path of paths) if (scrubbed.includes(path)) scrubbed = scrubbed.replaceAll(path, GONE);
  if (strict)
    for (const name of identities) if (scrubbed.includes(name)) scrubbed = scrubbed.replace(asWord(name), GONE);
  return scrubbed;
}

const asWord = (name: string): RegExp =>
  new RegExp(`(?<![\\p{L}\\p{N}])${name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![\\p{L}\\p{N}])`, 'gu');
