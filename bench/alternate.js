// Measuring two programs in one run, alternately, on a machine that is never quite quiet.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { bench } from './cli.js';

/** A virtual environment with what the references need; made on the first call. */
function python() {
  const venv = join(bench, 'torch');
  const interpreter = join(venv, 'bin', 'python');
  if (existsSync(interpreter)) return interpreter;
  spawnSync('python3', ['-m', 'venv', venv], { stdio: 'inherit' });
  spawnSync(
    interpreter,
    ['-m', 'pip', 'install', '-q', 'torch==2.5.1', 'numpy', 'onnxruntime', 'pillow', 'imagehash'],
    { stdio: 'inherit' },
  );
  return interpreter;
}

/** A Python script that says `ready`, reads a number of rounds a line and answers with the seconds they took. */
export async function pythonWorker(name, script, ...args) {
  const path = new URL(script, import.meta.url).pathname;
  const child = spawn(python(), [path, ...args.map(String)], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ready = await lines.next();
  if (ready.value !== 'ready') throw new Error(`${script} did not start`);
  return {
    name,
    async seconds(rounds) {
      child.stdin.write(`${rounds}\n`);
      return Number((await lines.next()).value);
    },
    close: () => child.kill(),
  };
}

/** Our own work in the same form. */
export const worker = (name, once, close = () => undefined) => ({
  name,
  async seconds(rounds) {
    const start = performance.now();
    for (let i = 0; i < rounds; i++) await once();
    return (performance.now() - start) / 1000;
  },
  close,
});

export const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

/**
 * Images a second of each worker, alternated over `rounds`; every turn lasts about `turnSeconds`. Against the first,
 * the best of the others by median is the reference.
 */
export async function alternate(workers, images, { rounds = 7, turnSeconds = 1 } = {}) {
  const turns = [];
  for (const one of workers) {
    await one.seconds(1); // warm
    turns.push(Math.max(1, Math.round(turnSeconds / (await one.seconds(1)))));
  }
  const rates = workers.map(() => []);
  for (let round = 0; round < rounds; round++)
    for (const [i, one] of workers.entries()) rates[i].push((turns[i] * images) / (await one.seconds(turns[i])));
  for (const one of workers) await one.close();
  const others = rates.slice(1).map(median);
  const best = 1 + others.indexOf(Math.max(...others));
  const perRound = rates[0].map((rate, round) => rate / rates[best][round]);
  return {
    ours: median(rates[0]),
    reference: median(rates[best]),
    referenceName: workers[best].name,
    ratio: median(perRound),
    ratioLow: Math.min(...perRound),
    ratioHigh: Math.max(...perRound),
  };
}

export const rowsTable = (rows) =>
  [
    '| network | crop | batch | facesieve, images/s | reference, images/s | ratio (range over rounds) | reference |',
    '|---|---|---|---|---|---|---|',
    ...rows.map(
      (r) =>
        `| ${r.network} | ${r.size} | ${r.batch} | ${r.ours.toFixed(0)} | ${r.reference.toFixed(0)} | ` +
        `${r.ratio.toFixed(2)} (${r.ratioLow.toFixed(2)}-${r.ratioHigh.toFixed(2)}) | ${r.referenceName} |`,
    ),
  ].join('\n');

/** The networks and crops that are measured, with the embedding each was published with; NETWORK=NAME picks one. */
export const networks = [
  { network: 'plain-7', dimensions: 128 },
  { network: 'mobilefacenet', dimensions: 128 },
  { network: 'ir-18', dimensions: 512 },
]
  .filter(({ network }) => !process.env.NETWORK || network === process.env.NETWORK)
  .flatMap((network) => [64, 112].map((size) => ({ ...network, size })));
