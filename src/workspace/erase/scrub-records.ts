import type { ImageRow } from '../../core/records.js';
import type { Database } from '../database.js';
import type { Tombstone } from './tombstones.js';
import { columns, columnsOf, type Content } from './columns.js';
import { scrubJson, scrubNameVerdict } from './scrub-json.js';
import { type Forbidden, scrubText } from './scrub-text.js';

/** Tables that are looked after elsewhere, or hold settings. */
const notSearched = new Set(['crops', 'forgotten', 'facts']);
/** Rows of images stay, as tombstones. */
const rowsStay = new Set(['images']);
const changeable: Content[] = ['name', 'sentence', 'json', 'name-verdict'];

/** Rows deleted, by table. */
export type Deleted = Record<string, number>;

/**
 * Takes everything about the forbidden out of all tables, within the caller's transaction. Rows that are about one of them go;
 * rows that only mention one stay without it. Verdicts are otherwise never changed: this is the one exception, and their
 * triggers are back before the transaction ends.
 */
export const scrubRecords = (database: Database, forbidden: Forbidden): Deleted =>
  withoutTriggers(database, () =>
    Object.fromEntries(
      Object.keys(columns)
        .filter((table) => !notSearched.has(table))
        .map((table) => [table, scrubTable(database, table, forbidden)]),
    ),
  );

function withoutTriggers<R>(database: Database, work: () => R): R {
  const triggers = database.prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").all() as {
    name: string;
    sql: string;
  }[];
  for (const { name } of triggers) database.exec(`DROP TRIGGER ${name}`);
  const result = work();
  for (const { sql } of triggers) database.exec(sql);
  return result;
}

type Row = Record<string, unknown>;

function scrubTable(database: Database, table: string, forbidden: Forbidden): number {
  const info = database.pragma(`table_info(${table})`) as { name: string; pk: number }[];
  const keys = info.filter(({ pk }) => pk > 0).map(({ name }) => name);
  const owners = rowsStay.has(table) ? [] : columnsOf(table, 'owner');
  const texts = columnsOf(table, ...changeable);
  const where = keys.map((key) => `${key} = @${key}`).join(' AND ');
  let deleted = 0;
  for (const row of database.prepare(`SELECT * FROM ${table}`).all() as Row[]) {
    if (owners.some((column) => isAbout(column, row[column], forbidden))) {
      database.prepare(`DELETE FROM ${table} WHERE ${where}`).run(only(row, keys));
      deleted++;
      continue;
    }
    const changed = texts.filter((column) => {
      const before = row[column];
      row[column] = scrubCell(before, columns[table][column], forbidden);
      return row[column] !== before;
    });
    if (changed.length === 0) continue;
    const set = changed.map((column) => `${column} = @${column}`).join(', ');
    database.prepare(`UPDATE ${table} SET ${set} WHERE ${where}`).run(only(row, [...keys, ...changed]));
  }
  return deleted;
}

const only = (row: Row, names: readonly string[]): Row => Object.fromEntries(names.map((name) => [name, row[name]]));

const isAbout = (column: string, value: unknown, { paths, identities }: Forbidden): boolean =>
  (column === 'path' ? paths : identities).has(value as string);

/** A cell without what is forbidden; what its column holds says how it is read. */
export function scrubCell(value: unknown, content: Content, forbidden: Forbidden): unknown {
  if (typeof value !== 'string') return value;
  if (content === 'name') return forbidden.identities.has(value) ? null : value;
  if (content === 'sentence') return scrubText(value, forbidden);
  if (content !== 'json' && content !== 'name-verdict') return value;
  const parsed: unknown = JSON.parse(value);
  const scrubbed = content === 'json' ? scrubJson(parsed, forbidden) : scrubNameVerdict(parsed, forbidden);
  return scrubbed === parsed ? value : JSON.stringify(scrubbed);
}

/** Puts a tombstone in the place of each image: ids stay, and with them how far an unfinished ingest is. */
export function addTombstones<I extends Pick<ImageRow, 'id'>>(
  database: Database,
  images: readonly I[],
  tombstoneOf: (image: I) => Tombstone,
): void {
  const replace = database.prepare(
    `UPDATE images SET path = @path, identity = '', sha256 = NULL, width = NULL, height = NULL, dhash = NULL, slot = NULL,
       error = @reason, state = 'skipped', place = NULL WHERE id = @id`,
  );
  const deleteCrops = database.prepare('DELETE FROM crops WHERE image = ?');
  for (const image of images) {
    replace.run({ ...tombstoneOf(image), id: image.id });
    deleteCrops.run(image.id);
  }
}

/** The slots behind each that is `gone` move up, as if those had never been there. @param gone ascending */
export function closeGaps(database: Database, gone: readonly number[]): void {
  for (const table of ['images', 'crops']) {
    // By way of negative numbers: slots are unique, and no two may meet on the way.
    const move = database.prepare(`UPDATE ${table} SET slot = -1 - (slot - ?) WHERE slot > ? AND slot < ?`);
    gone.forEach((slot, i) => move.run(i + 1, slot, gone[i + 1] ?? Number.MAX_SAFE_INTEGER));
    database.exec(`UPDATE ${table} SET slot = -1 - slot WHERE slot < 0`);
  }
}
