import type { ImageRow } from '../core/records.js';
import type { Database } from '../store/database.js';
import type { Grave } from '../store/forgotten.js';
import { type Forbidden, scrubJson, scrubText } from './scrub-json.js';

/** Tables that are looked after elsewhere, or hold settings. */
const notSearched = new Set(['images', 'crops', 'forgotten', 'facts']);
/** Columns that say of a row whose it is. */
const owners = ['identity', 'other'];
/** Tables whose words are names and sentences of ours: identities count wherever they stand. */
const strictly = new Set(['decisions', 'identity_proposals', 'verdicts', 'identity_verdicts', 'name_verdicts']);

/** Rows deleted, by table. */
export type Deleted = Record<string, number>;

/**
 * Takes everything about the forbidden out of all tables, this version's and others', within the caller's transaction. Rows
 * that are about one of them go; rows that only mention one stay without it. Verdicts are otherwise never changed: this is
 * the one exception, and their triggers are back before the transaction ends.
 */
export function scrubRecords(database: Database, forbidden: Forbidden): Deleted {
  return withoutTriggers(database, () =>
    Object.fromEntries(
      tablesOf(database)
        .filter((table) => !notSearched.has(table))
        .map((table) => [table, scrubTable(database, table, forbidden)]),
    ),
  );
}

const tablesOf = (database: Database): string[] =>
  database
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    .pluck()
    .all() as string[];

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

interface Column {
  name: string;
  type: string;
  /** Place in the primary key, from 1; 0 = not in it. */
  pk: number;
}

type Row = Record<string, unknown>;

function scrubTable(database: Database, table: string, forbidden: Forbidden): number {
  const columns = database.pragma(`table_info(${table})`) as Column[];
  const keys = columns.filter(({ pk }) => pk > 0).map(({ name }) => name);
  const texts = columns
    .filter(({ type, pk, name }) => type === 'TEXT' && pk === 0 && name !== 'config')
    .map(({ name }) => name);
  const where = keys.map((key) => `${key} = @${key}`).join(' AND ');
  const strict = strictly.has(table);
  let deleted = 0;
  for (const row of database.prepare(`SELECT * FROM ${table}`).all() as Row[]) {
    if (isAbout(row, forbidden)) {
      database.prepare(`DELETE FROM ${table} WHERE ${where}`).run(only(row, keys));
      deleted++;
      continue;
    }
    const changed = texts.filter((column) => {
      const before = row[column];
      row[column] = scrubCell(before, forbidden, strict);
      return row[column] !== before;
    });
    if (changed.length === 0) continue;
    const set = changed.map((column) => `${column} = @${column}`).join(', ');
    database.prepare(`UPDATE ${table} SET ${set} WHERE ${where}`).run(only(row, [...keys, ...changed]));
  }
  return deleted;
}

const only = (row: Row, columns: readonly string[]): Row =>
  Object.fromEntries(columns.map((name) => [name, row[name]]));

const isAbout = (row: Row, { paths, identities }: Forbidden): boolean =>
  paths.has(row.path as string) || owners.some((column) => identities.has(row[column] as string));

function scrubCell(value: unknown, forbidden: Forbidden, strict: boolean): unknown {
  if (typeof value !== 'string') return value;
  if (forbidden.paths.has(value) || (strict && forbidden.identities.has(value))) return null;
  if (!/^[[{]/.test(value)) return scrubText(value, forbidden, strict);
  const parsed: unknown = JSON.parse(value);
  const scrubbed = scrubJson(parsed, forbidden, strict);
  return scrubbed === parsed ? value : JSON.stringify(scrubbed);
}

/** Puts a grave in the place of each image: ids stay, and with them how far an unfinished ingest is. */
export function buryImages(database: Database, images: readonly ImageRow[], graveOf: (image: ImageRow) => Grave): void {
  const bury = database.prepare(
    `UPDATE images SET path = @path, identity = '', sha256 = NULL, width = NULL, height = NULL, dhash = NULL, slot = NULL,
       error = @reason, state = 'skipped', place = NULL WHERE id = @id`,
  );
  const deleteCrops = database.prepare('DELETE FROM crops WHERE image = ?');
  for (const image of images) {
    bury.run({ ...graveOf(image), id: image.id });
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
