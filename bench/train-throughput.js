// Training steps of this engine and of PyTorch, alternately in one run: same network, batch, head and threads.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { defaults } from '../dist/core/config.js';
import { onnxEngine } from '../dist/engine/onnx-engine.js';
import { arcface } from '../dist/losses/arcface.js';
import { plain7 } from '../dist/model/backbones/plain-7.js';
import { freshState, trainingProgram, weightSpecs } from '../dist/train/training-program.js';
import { bench } from './cli.js';

const ROUNDS = 9;
const STEPS = 5;
const setting = { size: 64, batch: 32, classes: 200, subcenters: 3, threads: availableParallelism() };

function pythonWithTorch() {
  const venv = join(bench, 'torch');
  const python = join(venv, 'bin', 'python');
  if (existsSync(python)) return python;
  spawnSync('python3', ['-m', 'venv', venv], { stdio: 'inherit' });
  spawnSync(python, ['-m', 'pip', 'install', '-q', 'torch==2.5.1', 'numpy'], { stdio: 'inherit' });
  return python;
}

async function torch(layout) {
  const { size, batch, classes, subcenters, threads } = setting;
  const args = [layout, size, batch, classes, subcenters, threads].map(String);
  const script = new URL('torch_train.py', import.meta.url).pathname;
  const child = spawn(pythonWithTorch(), [script, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  await lines.next(); // ready
  return {
    name: `PyTorch 2.5.1, ${layout === 'default' ? 'default layout' : layout}`,
    async seconds(steps) {
      child.stdin.write(`${steps}\n`);
      return Number((await lines.next()).value);
    },
    close: () => child.kill(),
  };
}

async function ours() {
  const { size, batch, classes, subcenters, threads } = setting;
  const config = { ...defaults, size, batchSize: batch, subcenters };
  const model = { backbone: plain7, loss: arcface, classes, config };
  const engine = onnxEngine({ threads, device: 'cpu' });
  const executable = await engine.load(trainingProgram(model), freshState(weightSpecs(model), 0));
  const inputs = {
    images: Uint8Array.from({ length: batch * size * size * 3 }, () => 256 * Math.random()),
    labels: Int32Array.from({ length: batch }, (_, i) => i % classes),
    rate: Float32Array.of(0.05),
    margin: Float32Array.of(0.3),
  };
  return {
    name: 'facesieve',
    async seconds(steps) {
      const start = performance.now();
      for (let i = 0; i < steps; i++) await executable.run(inputs);
      return (performance.now() - start) / 1000;
    },
    close: () => executable.dispose(),
  };
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

export async function measure() {
  const engines = [await ours(), await torch('default'), await torch('channels_last')];
  const rates = engines.map(() => []);
  for (const engine of engines) await engine.seconds(STEPS); // warm
  for (let round = 0; round < ROUNDS; round++)
    for (const [i, engine] of engines.entries()) rates[i].push((STEPS * setting.batch) / (await engine.seconds(STEPS)));
  for (const engine of engines) engine.close();
  const row = (i) => {
    const perRound = rates[0].map((rate, round) => rate / rates[i][round]);
    return {
      network: 'plain-7',
      size: setting.size,
      batch: setting.batch,
      ours: median(rates[0]),
      reference: median(rates[i]),
      ratio: median(perRound),
      ratioLow: Math.min(...perRound),
      ratioHigh: Math.max(...perRound),
      referenceName: engines[i].name,
    };
  };
  return { rows: [row(1), row(2)] };
}

export function describe({ rows }) {
  return [
    '| network | crop | batch | facesieve, images/s | reference, images/s | ratio (range over rounds) | reference |',
    '|---|---|---|---|---|---|---|',
    ...rows.map(
      (r) =>
        `| ${r.network} | ${r.size} | ${r.batch} | ${r.ours.toFixed(0)} | ${r.reference.toFixed(0)} | ` +
        `${r.ratio.toFixed(2)} (${r.ratioLow.toFixed(2)}-${r.ratioHigh.toFixed(2)}) | ${r.referenceName} |`,
    ),
  ].join('\n');
}
