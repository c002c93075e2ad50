import { partOf } from './read-tree.js';

const countOf = (rows) => {
  const counts = new Map();
  for (const row of rows) counts.set(row, (counts.get(row) ?? 0) + 1);
  return counts;
};

/** Rows that `before` has and `now` lacks, told by `key`. */
function missing(before, now, table, key, isForgotten) {
  const kept = (snapshot) => (snapshot.tables.get(table) ?? []).filter((row) => !isForgotten(row)).map(key);
  const there = countOf(kept(now));
  return [...countOf(kept(before))].filter(([row, n]) => (there.get(row) ?? 0) < n).map(([row]) => row);
}

const decisionKey = ({ run, path, decision }) => `${run} ${path} ${decision}`;
const verdictKey = ({ path, verdict, identity, reviewer }) => [path, verdict, identity, reviewer].join(' ');

/** Files and folders that a person gave: the crawl, and every list beside it. */
const given = ({ tree }, old) =>
  [...tree].filter(([path]) => (path.startsWith('crawl') || /^[^/]+\.(csv|json)$/.test(path)) && path !== old);

/** True when the old set or the new one stands whole at its place, or beside it under a name that holds its own. */
function oldSetStands(old, before, now, after) {
  const whole = [partOf(before.tree, old), partOf(after.tree, old)];
  const places = [...now.tree.keys()].filter((path) => !path.includes('/') && path.includes(old));
  return places.some((place) => whole.includes(partOf(now.tree, place)));
}

/** What was there before the command and is not there now, as sentences. */
export function lossesOf({ scenario, before, after }, now) {
  if (now.intact !== 'ok') return [`the database is damaged: ${now.intact}`];
  const gone = scenario.forgotten ?? [];
  const isForgotten = ({ path = '', identity }) =>
    gone.some((name) => path.startsWith(`${name}/`) || identity === name);
  const losses = [];
  const changed = given(before, scenario.old).filter(([path, what]) => now.tree.get(path) !== what);
  if (changed.length > 0) losses.push(`changed: ${changed.map(([path]) => path).join(', ')}`);
  if (scenario.old && !oldSetStands(scenario.old, before, now, after))
    losses.push(`neither the old ${scenario.old} nor the new one is whole, here or beside`);
  for (const [table, key] of [
    ['decisions', decisionKey],
    ['verdicts', verdictKey],
    ['identity_verdicts', verdictKey],
  ]) {
    const lost = missing(before, now, table, key, isForgotten);
    if (lost.length > 0) losses.push(`${lost.length} rows of ${table} are gone, such as ${lost[0]}`);
  }
  return losses;
}
