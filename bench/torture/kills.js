import { perform } from './perform.js';

/**
 * How often a scenario is killed at a random time when `run` is killed `n` times: half of that over all of forget, half over
 * all of purify, a twentieth for each other one.
 */
export function killsOf({ name }, n, meant) {
  if (name === 'run') return n;
  const [family] = name.split(/[ ,]/);
  if (family !== 'forget' && family !== 'purify') return Math.ceil(n / 20);
  return Math.ceil(n / 2 / meant.filter((one) => one.name.startsWith(family)).length);
}

/** How long the command takes in a process that has run nothing before. */
async function coldTime(bench, { reference, scenario }) {
  bench.arena.load(scenario.state);
  bench.program.renew();
  const { ms } = await perform(bench, reference.scenario, 0);
  return ms;
}

/** Kills a scenario `n` times at random, `run` four times in a row, and resumes and compares it after that. */
export async function killMany(bench, sweep, findings, random, n, isLate) {
  if (n === 0) return;
  sweep.coldMs = await coldTime(bench, sweep);
  const wanted = sweep.row.kills + n;
  const inARow = sweep.scenario.name === 'run' ? 4 : 1;
  for (let tries = 0; sweep.row.kills < wanted && tries < 3 * n && !isLate(); tries++)
    await sweep.kill(bench, findings, random, Math.min(inARow, wanted - sweep.row.kills));
}
