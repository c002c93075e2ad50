import { perform } from './perform.js';
import { differences, snapshot } from './snapshot.js';

async function undisturbed(bench, scenario) {
  bench.arena.load(scenario.state);
  let first;
  for (const i of scenario.steps.keys()) {
    const ended = await perform(bench, scenario, i);
    if (ended.code !== 0)
      throw new Error(`"${scenario.name}" ended with ${ended.code} without a fault: ${ended.stderr}`);
    first ??= { calls: ended.calls };
  }
  return { ...first, after: snapshot(bench.arena) };
}

/** The image that a review is asked about, by its path. */
function reviewBody(scenario, { tables }) {
  const { path, verdict } = scenario.review;
  const { id } = tables.get('images').find((image) => image.path === path);
  return { image: id, verdict };
}

/**
 * A scenario without a fault: `before` and `after` as snapshots, the `calls` of its first step, and `unstable`,
 * names of what differs although nothing went wrong.
 */
export async function referenceOf(bench, scenario) {
  bench.arena.load(scenario.state);
  const before = snapshot(bench.arena);
  const ready = scenario.review ? { ...scenario, body: reviewBody(scenario, before) } : scenario;
  const first = await undisturbed(bench, ready);
  const second = await undisturbed(bench, ready);
  return { scenario: ready, before, ...second, unstable: differences(first.after, second.after) };
}
