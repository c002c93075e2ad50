import { placed } from './states.js';

/** Runs step `i` of a scenario with `fault` armed, or killed after a time; `again` are further arguments. Returns what Program.call returns. */
export function perform({ arena, program, fresh }, scenario, i, { fault, killAfterMs, again = [] } = {}) {
  if (fresh) program.renew();
  const argv = placed(arena, [...scenario.steps[i], ...again, '-w', '@/ws']);
  const options = { killAfterMs };
  if (scenario.replace) {
    const [from, to] = placed(arena, [scenario.replace.from, scenario.replace.to]);
    return program.call({ command: 'replace', routine: scenario.replace.routine, from, to, fault }, options);
  }
  if (!scenario.review) return program.call({ command: 'run', argv, fault }, options);
  return program.call({ command: 'review', argv, fault, body: scenario.body }, options);
}
