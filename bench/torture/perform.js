import { placed } from './states.js';

/** Runs step `i` of a scenario with `fault` armed, or killed after a time. Returns what Program.call returns. */
export function perform({ arena, program, fresh }, scenario, i, { fault, killAfterMs } = {}) {
  if (fresh) program.renew();
  const argv = placed(arena, [...scenario.steps[i], '-w', '@/ws']);
  const options = { killAfterMs };
  if (scenario.unsafe) {
    const [from, to] = placed(arena, [scenario.unsafe.from, scenario.unsafe.to]);
    return program.call({ command: 'unsafe', from, to, fault }, options);
  }
  if (!scenario.review) return program.call({ command: 'run', argv, fault }, options);
  return program.call({ command: 'review', argv, fault, body: scenario.body }, options);
}
