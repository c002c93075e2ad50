import { attempt } from './attempt.js';
import { faultName, pointsOf } from './faults.js';
import { referenceOf } from './reference.js';

/** A routine that is unsafe on purpose: see unsafe-replace.js. */
const unsafe = {
  name: 'unsafe replace',
  state: 'crawl',
  steps: [['unsafe']],
  unsafe: { from: '@/later.csv', to: '@/earlier.csv' },
  old: 'earlier.csv',
};

/** Tries every fault of the unsafe routine. Returns which kinds of problems the harness saw, and at how many points. */
export async function selfTest(bench) {
  const reference = await referenceOf(bench, unsafe);
  const seen = {};
  const points = pointsOf(reference.calls);
  for (const point of points) {
    const { problems } = await attempt(bench, reference, { fault: faultName(point) });
    for (const { kind } of problems) seen[kind] = (seen[kind] ?? 0) + 1;
  }
  return { points: points.length, seen, works: Boolean(seen.lost && seen.silent) };
}
