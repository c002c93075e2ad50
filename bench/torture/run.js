// node bench/torture/run.js: every file-system call of every command fails, comes short, or is the last one. See docs/reliability.md.
import { mkdirSync, mkdtempSync, existsSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { randomOf } from '../../dist/core/random.js';
import { Arena } from './arena.js';
import { attempt } from './attempt.js';
import { buildShim } from './build-shim.js';
import { confirm } from './confirm.js';
import { Findings, kinds } from './findings.js';
import { killMany, killsOf } from './kills.js';
import { Program } from './program.js';
import { referenceOf } from './reference.js';
import { scenarios, wholeRun } from './scenarios.js';
import { selfTest } from './self-test.js';
import { makeStates } from './states.js';
import { Sweep } from './sweep.js';
import { table } from './table.js';

const { values: flags } = parseArgs({
  options: {
    only: { type: 'string', multiple: true }, // names of scenarios, or how they begin
    sample: { type: 'string', default: '1' }, // share of the faults
    'kill-sample': { type: 'string', default: '0.1' }, // share of the points at which the process is killed
    kills: { type: 'string', default: '0' }, // of `run`, at random times; half as many of forget and of purify
    seconds: { type: 'string' }, // ends the sweep then, wherever it is; scenarios take turns
    confirm: { type: 'string', default: '40' }, // points of findings that are met again in fresh processes
    seed: { type: 'string', default: '0' },
    point: { type: 'string' }, // WHAT/OP/K/PATH: this one point of --only, told in full
    folder: { type: 'string' }, // where to work; [default: /dev/shm, or the system's temporary folder]
  },
});

/** What is found late may be tried once more for so long. */
const CONFIRM_MS = 8000;

async function tryOnePoint(bench, [scenario]) {
  const reference = await referenceOf(bench, scenario);
  const result = await attempt({ ...bench, fresh: true }, reference, { fault: flags.point });
  console.log(JSON.stringify({ ...result, ended: result.ended && { ...result.ended, calls: undefined } }, null, 2));
  return result.met && result.problems.length === 0;
}

async function main(base, shim) {
  const deadline = flags.seconds === undefined ? Infinity : performance.now() + 1000 * Number(flags.seconds);
  const arena = new Arena(base);
  const program = new Program({ shim, base, below: arena.folder });
  const bench = { arena, program };
  try {
    const isMeant = ({ name }) => !flags.only || flags.only.some((only) => name === only || name.startsWith(only));
    const meant = scenarios.filter(isMeant);
    const killed = Number(flags.kills) > 0 && isMeant(wholeRun) ? [wholeRun, ...meant] : meant;
    await makeStates(arena, program, ['crawl', ...killed.map(({ state }) => state)]);
    if (flags.point) return await tryOnePoint(bench, meant);

    const checked = await selfTest(bench);
    console.log(
      `self-test: seen in an unsafe routine ${JSON.stringify(checked.unsafe)}, in a safe one ${JSON.stringify(checked.safe)}`,
    );
    if (!checked.works) return false;
    return await sweepAll(bench, meant, killed, deadline);
  } finally {
    program.close();
  }
}

async function sweepAll(bench, meant, killed, deadline) {
  const findings = new Findings();
  const settings = { seed: Number(flags.seed), sample: Number(flags.sample), killSample: Number(flags['kill-sample']) };
  const sweeps = [];
  for (const scenario of killed) {
    const reference = await referenceOf(bench, scenario);
    if (reference.unstable.length > 0)
      console.log(`${scenario.name}: differs without a fault: ${reference.unstable.join(', ')}`);
    sweeps.push(new Sweep(reference, scenario === wholeRun ? { ...settings, sample: 0, killSample: 0 } : settings));
  }
  const isLate = (grace = 0) => performance.now() > deadline + grace;
  const random = randomOf(settings.seed, 'kills');
  for (const sweep of sweeps)
    await killMany(bench, sweep, findings, random, killsOf(sweep.scenario, Number(flags.kills), meant), isLate);
  for (let open = sweeps; open.length > 0 && !isLate(); open = open.filter(({ done }) => !done))
    for (const sweep of open) if (!sweep.done && !isLate()) await sweep.next(bench, findings);

  const rows = sweeps.map(({ row }) => row);
  const groups = await confirm(bench, sweeps, findings, {
    most: Number(flags.confirm),
    isLate: () => isLate(CONFIRM_MS),
  });
  for (const { scenario, kind, text, points, confirmed } of groups) {
    console.log(`${scenario} | ${kind} | ${points.length} points | ${confirmed}`);
    console.log(`    ${text.replaceAll(bench.arena.folder, '@')}`);
    console.log(`    node bench/torture/run.js --only "${scenario}" --point "${points[0]}"`);
  }
  console.log(`\n${table(rows)}`);
  console.log(`${bench.program.started} processes were started.`);
  const missed = rows.reduce((sum, row) => sum + row.missed, 0);
  if (missed > 0) console.log(`${missed} faults were not met: the call did not come again.`);
  return rows.every((row) => kinds.every((kind) => !row[kind]));
}

const parent = flags.folder ?? (existsSync('/dev/shm') ? '/dev/shm' : tmpdir());
mkdirSync(parent, { recursive: true });
const base = realpathSync(mkdtempSync(join(parent, 'facesieve-torture-')));
process.on('exit', () => rmSync(base, { recursive: true, force: true }));
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(130));
const shim = buildShim(base);
if (!shim) console.log('torture: skipped, it needs Linux and a C compiler (cc)');
else if (!(await main(base, shim))) process.exitCode = 1;
