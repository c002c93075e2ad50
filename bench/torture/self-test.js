import { attempt } from './attempt.js';
import { faultName, isKill, pointsOf } from './faults.js';
import { referenceOf } from './reference.js';

/** Replaces one given file by another, by a routine of driver.js. */
const replacing = (routine) => ({
  name: `${routine} replace`,
  state: 'crawl',
  steps: [[routine]],
  replace: { routine, from: '@/later.csv', to: '@/earlier.csv' },
  old: 'earlier.csv',
});

async function seenIn(bench, scenario) {
  const reference = await referenceOf(bench, scenario);
  const seen = {};
  const points = pointsOf(reference.calls).filter((point) => !isKill(point)); // each kill takes a new process
  for (const point of points) {
    const { problems } = await attempt(bench, reference, { fault: faultName(point) });
    for (const { kind } of problems) seen[kind] = (seen[kind] ?? 0) + 1;
  }
  return seen;
}

/**
 * Tries every fault of a routine that is unsafe on purpose, and of two safe ones, the second with a socket that takes over
 * the number of a closed file. Returns the problems that were seen, by kind; `works` when bytes were lost and a silent fault
 * was seen in the first, and nothing in the others.
 */
export async function selfTest(bench) {
  const unsafe = await seenIn(bench, replacing('unsafe'));
  const safe = await seenIn(bench, replacing('safe'));
  const reused = await seenIn(bench, replacing('reused number'));
  const none = [safe, reused].every((seen) => Object.keys(seen).length === 0);
  return { unsafe, safe: { ...safe, ...reused }, works: Boolean(unsafe.lost && unsafe.silent) && none };
}
