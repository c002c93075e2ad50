import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';

const bin = new URL('../bin/run.js', import.meta.url).pathname;
export const data = resolve(import.meta.dirname, '../../shared/data');
/** Where measurements keep their workspaces: a second call goes on where the first stopped. */
export const bench = resolve(process.env.FACESIEVE_BENCH ?? '/tmp/facesieve-bench');

/** Runs the real program and returns its --json result. */
export function facesieve(...args) {
  const run = spawnSync(process.execPath, [bin, ...args, '--json'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 2 ** 28,
  });
  if (run.status !== 0) throw new Error(`facesieve ${args.join(' ')} ended with ${run.status}: ${run.stdout}`);
  return JSON.parse(run.stdout);
}

/** One folder with a link to every identity of the named sets. */
export function joined(...sets) {
  if (!existsSync(data)) throw new Error(`${data} is not there: this measurement needs its faces.`);
  const folder = join(bench, sets.join('+'));
  mkdirSync(folder, { recursive: true });
  for (const set of sets)
    for (const name of readdirSync(join(data, set)))
      if (!existsSync(join(folder, name))) symlinkSync(join(data, set, name), join(folder, name));
  return folder;
}

export const mean = (values) => values.reduce((a, b) => a + b, 0) / values.length;
export const spread = (values) => (values.length < 2 ? 0 : (Math.max(...values) - Math.min(...values)) / 2);
/** `0.812 ± 0.011`: mean and half the range. */
export const plusMinus = (values, digits = 3) => `${mean(values).toFixed(digits)} ± ${spread(values).toFixed(digits)}`;
