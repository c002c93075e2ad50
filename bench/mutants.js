// Which wrong formulas do the tests notice? Each row of bench/mutants/rooms/*.js puts one into a copy of the sources, and the
// tests of its room run. Environment: ROOMS=noise,metrics (default: all), ONLY=text (rows whose description holds it; several
// texts stand between |).
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { CopiedProject } from './mutants/copied-project.js';
import { Tests } from './mutants/tests.js';

const folder = join(import.meta.dirname, 'mutants/rooms');
const wanted = process.env.ROOMS?.split(',');
const only = (process.env.ONLY ?? '').split('|');

/** Each room's name, its usual tests, and its mutants: `file` below src, `find` and `replace`, `what`, further `tests`. */
async function readRooms() {
  const files = readdirSync(folder).sort();
  const rooms = await Promise.all(files.map(async (file) => (await import(join(folder, file))).default));
  return rooms
    .filter(({ room }) => !wanted || wanted.includes(room))
    .map(({ mutants, ...room }) => ({
      ...room,
      mutants: mutants.filter(({ what }) => only.some((text) => what.includes(text))),
    }));
}

/** The sources as they are must pass, or nothing that fails afterwards says anything. */
async function requireGreen(tests, rooms) {
  const files = rooms.flatMap((room) => [room.tests, ...room.mutants.map(({ tests = [] }) => tests)].flat());
  const failed = await tests.failures([...new Set(files)]);
  if (failed.length > 0) throw new Error(`these fail without a mutant: ${failed.join(', ')}`);
}

/** The first test that fails with the mutant, or null. */
async function killerOf(project, tests, usual, { file, find, replace, tests: further = [] }) {
  const changed = project.put(file, find, replace);
  tests.changed(changed);
  try {
    for (const filters of [usual, further]) {
      const [killer] = filters.length > 0 ? await tests.failures(filters) : [];
      if (killer !== undefined) return killer;
    }
    return null;
  } finally {
    project.restore(file);
    tests.changed(changed);
  }
}

export async function measure() {
  const rooms = await readRooms();
  const project = new CopiedProject();
  const tests = await Tests.of(project.folder);
  try {
    await requireGreen(tests, rooms);
    const rows = [];
    for (const { room, tests: usual, mutants } of rooms)
      for (const mutant of mutants) {
        const { what, file, reason = null } = mutant;
        const by = await killerOf(project, tests, usual, mutant);
        rows.push({ room, what, file, caught: by !== null, by, reason });
        process.stderr.write(by === null ? `SURVIVES ${room}: ${what}\n` : `caught   ${room}: ${what} (${by})\n`);
      }
    return { rows, caught: rows.filter(({ caught }) => caught).length, of: rows.length };
  } finally {
    await tests.close();
    project.remove();
  }
}

const shareLine = (name, rows) => {
  const caught = rows.filter((row) => row.caught).length;
  return `| ${name} | ${rows.length} | ${caught} | ${((100 * caught) / rows.length).toFixed(0)} % |`;
};

export function describe({ rows, caught, of }) {
  const rooms = groupByRoom(rows);
  return [
    '| room | mutants | caught | share |',
    '|---|---|---|---|',
    ...[...rooms].map(([room, own]) => shareLine(room, own)),
    shareLine('all', rows),
    '',
    ...rows
      .filter((row) => !row.caught)
      .map(({ room, what, reason }) => `- survives in ${room}: ${what}${reason ? ` (${reason})` : ''}`),
    '',
    `${caught} of ${of} caught`,
  ].join('\n');
}

function groupByRoom(rows) {
  const rooms = new Map();
  for (const row of rows) rooms.set(row.room, [...(rooms.get(row.room) ?? []), row]);
  return rooms;
}
