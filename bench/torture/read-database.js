import { copyFileSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { maskReportHash, maskReportKey, maskText, timeColumns } from './masks.js';

function maskValue(column, value, row) {
  if (timeColumns.has(column)) return '(time)';
  if (typeof value !== 'string') return value;
  if (row.stage === 'report' && column === 'result') return '(report)';
  return row.name === 'reports' ? maskReportHash(value) : maskReportKey(maskText(value));
}

const maskRow = (row) =>
  Object.fromEntries(Object.entries(row).map(([column, value]) => [column, maskValue(column, value, row)]));

/**
 * Reads a copy of the workspace's database, made in `aside`, so that looking does not mend what a killed process left.
 * Returns `{ intact, tables }`: `intact` is what `PRAGMA integrity_check` says, `tables` name -> rows, times masked.
 */
export function readDatabase(workspace, aside) {
  const tables = new Map();
  if (!existsSync(join(workspace, 'facesieve.db'))) return { intact: 'ok', tables };
  rmSync(aside, { recursive: true, force: true });
  mkdirSync(aside);
  for (const name of ['facesieve.db', 'facesieve.db-wal', 'facesieve.db-journal'])
    if (existsSync(join(workspace, name))) copyFileSync(join(workspace, name), join(aside, name));
  let database;
  try {
    database = new Sqlite(join(aside, 'facesieve.db'));
    const intact = database.pragma('integrity_check', { simple: true });
    const names = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").pluck().all();
    for (const name of names) tables.set(name, database.prepare(`SELECT * FROM "${name}"`).all().map(maskRow));
    return { intact, tables };
  } catch (error) {
    return { intact: error.message, tables };
  } finally {
    database?.close();
  }
}
