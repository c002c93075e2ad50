import type { Database } from '../database.js';
import { columns, columnsOf, type Content } from './columns.js';
import { inJson, type Needle } from './needles.js';
import type { Finding } from './result.js';
import { scrubCell } from './scrub-records.js';

const asWord: Record<string, string> = {
  reviewer: 'a reviewer of that name; verdicts keep whose they are',
  reason: 'the reason that was given for forgetting, which is kept in clear',
  source: 'where the images come from',
  word: 'a word that facesieve uses itself',
};

/** In which cells of the database a needle stands, and whether it should. */
export function findInValues(database: Database, needle: Needle): Finding[] {
  return Object.keys(columns).flatMap((table) =>
    columnsOf(
      table,
      'owner',
      'name',
      'sentence',
      'json',
      'name-verdict',
      'reviewer',
      'reason',
      'source',
      'word',
    ).flatMap((column) => {
      const content = columns[table][column];
      const cells = cellsWith(database, table, column, needle.text);
      const whys = cells.map((cell) => whyThere(cell, content, needle));
      const where = `facesieve.db: ${table}.${column}`;
      return [...new Set(whys)].flatMap((why): Finding[] =>
        why === undefined ? [] : [{ what: needle.text, where, times: whys.filter((one) => one === why).length, why }],
      );
    }),
  );
}

/** Within JSON a name may be written otherwise than it is. */
const cellsWith = (database: Database, table: string, column: string, text: string): string[] =>
  database
    .prepare(`SELECT ${column} FROM ${table} WHERE instr(${column}, ?) > 0 OR instr(${column}, ?) > 0`)
    .pluck()
    .all(text, inJson(text)) as string[];

/** Why the needle is in the cell; null when it should not be; undefined when it is not: the letters are part of something longer. */
function whyThere(cell: string, content: Content, needle: Needle): string | null | undefined {
  if (content === 'reason') return isWordIn(cell, needle.text) ? asWord.reason : undefined;
  if (content === 'source') return isPartOfPath(cell, needle.text) ? asWord.source : undefined;
  if (content in asWord) return cell === needle.text ? asWord[content] : undefined;
  if (content === 'owner') return cell === needle.text ? null : undefined;
  if (cell.startsWith('forgotten on ') && content === 'sentence')
    return isWordIn(cell, needle.text) ? asWord.reason : undefined;
  const names = new Set([needle.text]);
  const forbidden = needle.kind === 'path' ? { paths: names, identities: none } : { paths: none, identities: names };
  if (needle.kind !== 'hash' && scrubCell(cell, content, forbidden) !== cell) return null;
  if ((content === 'json' || content === 'name-verdict') && valuesOf(JSON.parse(cell)).includes(needle.text))
    return needle.plain ? asWord.word : null;
  return undefined;
}

const none: ReadonlySet<string> = new Set();

const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

const isWordIn = (cell: string, text: string): boolean =>
  new RegExp(`(?<![\\p{L}\\p{N}])${literal(text)}(?![\\p{L}\\p{N}])`, 'u').test(cell);

/** Whether a folder or file in a path is called so; the path may stand in JSON. */
const isPartOfPath = (cell: string, text: string): boolean =>
  [text, inJson(text)].some((name) => new RegExp(`(^|[/\\\\"])${literal(name)}($|[/\\\\"])`, 'u').test(cell));

/** All strings in a JSON value. */
function valuesOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(valuesOf) : [];
}

/** Whether its letters are in some cell or in the schema, if only as part of a longer word. */
export function hasLetters(database: Database, { text }: Needle): boolean {
  const cells = Object.entries(columns).some(([table, names]) =>
    Object.keys(names).some((column) => cellsWith(database, table, column, text).length > 0),
  );
  return cells || cellsWith(database, 'sqlite_schema', 'sql', text).length > 0;
}
