/** What must not be read any more. */
export interface Forbidden {
  paths: ReadonlySet<string>;
  identities: ReadonlySet<string>;
}

const GONE = '(forgotten)';

/** A sentence without paths and names of identities. */
export function scrubText(text: string, { paths, identities }: Forbidden): string {
  let scrubbed = text;
  if (beginningsOf(paths).some((beginning) => scrubbed.includes(beginning)))
    for (const path of paths) if (scrubbed.includes(path)) scrubbed = scrubbed.replace(asPath(path), GONE);
  for (const name of identities) if (scrubbed.includes(name)) scrubbed = scrubbed.replace(asName(name), GONE);
  return scrubbed;
}

const known = new WeakMap<ReadonlySet<string>, string[]>();

/** Folders of the paths: few, where there are thousands of paths, and without one of them no path is in a text. */
function beginningsOf(paths: ReadonlySet<string>): string[] {
  const before = known.get(paths);
  if (before) return before;
  const beginnings = [
    ...new Set([...paths].map((path) => path.slice(0, path.lastIndexOf('/') + 1) || path.slice(0, 3))),
  ];
  known.set(paths, beginnings);
  return beginnings;
}

const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Not as the end of a longer path. */
const asPath = (path: string): RegExp => new RegExp(`(?<![\\p{L}\\p{N}/_-])${literal(path)}(?![\\p{L}\\p{N}])`, 'gu');

function asName(name: string): RegExp {
  const word = `(?<![\\p{L}\\p{N}])${literal(name)}(?![\\p{L}\\p{N}])`;
  return new RegExp(/^[a-z]+$/.test(name) ? placesOfNames.map((place) => place(word)).join('|') : word, 'gu');
}

/** Where names stand in the reasons that sift gives: a name that is a plain word must not take the word out of every sentence. */
const placesOfNames: ((word: string) => string)[] = [
  (word) => `(?<=\\bnot )${word}(?=:| but )`,
  (word) => `(?<=\\bbut )${word}(?=:)`,
  (word) => `(?<=^|: |; | and )${word}(?= and | seem to be one person)`,
  (word) => `(?<=\\bnamed )${word}(?= \\()`,
  (word) => `(?<=\\bunder )${word}(?=;|:|$)`,
  (word) => `(?<=^|: |; )${word}(?= is .* of the reference set)`,
  (word) => `(?<= is )${word}(?= of the reference set)`,
];
