import { kinds } from './findings.js';

const heads = {
  lost: 'lost',
  silent: 'silent',
  unexpected: 'unexpected',
  exit: 'wrong exit',
  different: 'not identical',
};

const line = (cells, widths) =>
  cells.map((cell, i) => (i === 0 ? String(cell).padEnd(widths[i]) : String(cell).padStart(widths[i]))).join('  ');

/** One row per scenario: points there are, tried, kills, and how many of them showed each kind of problem. */
export function table(rows) {
  const columns = ['command', 'points', 'tried', 'kills', 'named', ...kinds.map((kind) => heads[kind])];
  const body = rows.map((row) => [
    row.name,
    row.points,
    row.tried,
    row.kills,
    row.named,
    ...kinds.map((kind) => row[kind] ?? 0),
  ]);
  const sum = columns.map((_, i) => (i === 0 ? 'all' : body.reduce((total, cells) => total + cells[i], 0)));
  const all = [columns, ...body, sum];
  const widths = columns.map((_, i) => Math.max(...all.map((cells) => String(cells[i]).length)));
  return all.map((cells) => line(cells, widths)).join('\n');
}
