/**
 * What stands in a column of text:
 * - `owner`: the name or path that the row is about; such rows go.
 * - `name`: the name of an identity, or null.
 * - `sentence`: words of ours with names and paths in them.
 * - `json`: a value with names and paths in it.
 * - `name-verdict`: a verdict on names, as JSON; a name taken out of it is null.
 * - `reviewer`: who said something; no image is theirs by that.
 * - `reason`: what was given as the reason of a `forget`.
 * - `source`: where images come from, below the path that the user gave.
 * - `word`: words, hashes, times and settings of the program's.
 */
export type Content =
  'owner' | 'name' | 'sentence' | 'json' | 'name-verdict' | 'reviewer' | 'reason' | 'source' | 'word';

/** Columns of text by table. A test holds it against the schema. */
export const columns: Record<string, Record<string, Content>> = {
  facts: { name: 'word', value: 'source' },
  images: {
    ...{ path: 'owner', identity: 'owner', error: 'sentence', place: 'source' },
    ...{ sha256: 'word', dhash: 'word', state: 'word', role: 'word' },
  },
  crops: { facts: 'word' },
  stages: { key: 'word', stage: 'word', result: 'json', finished_at: 'word' },
  runs: { id: 'word', stage: 'word', parent: 'word', config: 'word', inputs: 'json', created_at: 'word' },
  decisions: {
    ...{ run: 'word', path: 'owner', decision: 'word', reason: 'sentence' },
    ...{ suggested_identity: 'name', evidence: 'json' },
  },
  identity_proposals: { run: 'word', kind: 'word', identity: 'owner', other: 'owner', proposal: 'json' },
  verdicts: {
    ...{ path: 'owner', verdict: 'word', identity: 'owner', reviewer: 'reviewer', given_at: 'word' },
    face_box: 'word',
  },
  identity_verdicts: { identity: 'owner', verdict: 'word', reviewer: 'reviewer', given_at: 'word' },
  name_verdicts: { verdict: 'name-verdict', reviewer: 'reviewer', given_at: 'word' },
  forgotten: { kind: 'word', hash: 'word', reason: 'reason', forgotten_at: 'word' },
};

export const columnsOf = (table: string, ...contents: Content[]): string[] =>
  Object.entries(columns[table]).flatMap(([column, content]) => (contents.includes(content) ? [column] : []));
