// All losses on the same data, network and budget: verification on people who are in no training set (lfw5a), how well each
// loss's own target cosine tells the injected noise, and the time a step takes. A cell is one loss under one seed; cells
// that are done are kept, so that a second call goes on. SEEDS=1,2,3 and ONLY=arcface,cosface choose some; NOISE=0 leaves
// the set as it is.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { silentProgress } from '../dist/core/errors.js';
import { resolveConfig } from '../dist/core/resolve-config.js';
import { makePairs } from '../dist/metrics/make-pairs.js';
import { pairCosines } from '../dist/metrics/pair-measures.js';
import { areaUnderRoc, rank } from '../dist/metrics/roc.js';
import { verificationOf } from '../dist/metrics/verification.js';
import { cropSupply } from '../dist/images/crop-file.js';
import { inject } from '../dist/synthetic/inject/inject.js';
import { ingest } from '../dist/pipeline/ingest.js';
import { losses } from '../dist/losses/losses.js';
import { openLoss } from '../dist/losses/loss-settings.js';
import { readCheckpoint } from '../dist/model/checkpoint.js';
import { embedCrops } from '../dist/model/embed-crops.js';
import { trainedNetwork } from '../dist/model/network.js';
import { onnxEngine } from '../dist/engine/onnx-engine.js';
import { readDataset } from '../dist/workspace/dataset.js';
import { checkpointFileOf, findRun } from '../dist/workspace/runs.js';
import { openWorkspace } from '../dist/workspace/workspace.js';
import { freshState, trainingProgram, weightSpecs } from '../dist/training/training-program.js';
import { scheduledInputs } from '../dist/training/step-inputs.js';
import { train } from '../dist/pipeline/train.js';
import { readTruth } from '../dist/formats/truth.js';
import { median, worker } from './alternate.js';
import { bench, data, joined, mean, plusMinus } from './cli.js';

const seeds = (process.env.SEEDS ?? '1,2,3').split(',').map(Number);
/** The smallest network and crop that learn; 20 % noise, half of it open-set. */
const budget = { align: 'auto', size: 48, backbone: 'plain-4', embeddingSize: 128, epochs: 16, batchSize: 32 };
const noise = Number(process.env.NOISE ?? 0.2);
const PAIRS = 3000;
const folder = join(bench, 'losses');

/** Rows of the table: every loss as it is by default, and what else their settings offer. */
const rows = [
  { name: 'untrained', settings: { epochs: 1, learningRate: 1e-12, weightDecay: 0 } }, // its batch norms have seen the set
  ...losses.map(({ name }) => ({ name, settings: { loss: name } })),
  { name: 'arcface, K = 3', settings: { subcenters: 3 } },
  { name: 'arcface, combined', settings: { lossSettings: { preset: 'combined' } } },
  { name: 'arcface, relabelling', settings: { lossSettings: { relabelAfter: 0.5 } } },
  { name: 'a-softmax, style r', settings: { loss: 'a-softmax', lossSettings: { style: 'r' } } },
].filter(({ name }) => !process.env.ONLY || process.env.ONLY.split(',').includes(name));

const contextOf = (workspace, settings) => ({
  workspace,
  config: resolveConfig({ ...budget, ...settings }),
  progress: silentProgress,
  signal: new AbortController().signal,
  force: false,
});

async function ingested(name, source) {
  const workspace = openWorkspace(join(folder, name));
  await ingest(contextOf(workspace, {}), source);
  return workspace;
}

const embedded = (config, network, { cropFile, size, crops }) => {
  const supply = cropSupply(cropFile, size, crops);
  return embedCrops(config, network, supply, () => undefined).finally(() => supply.close());
};

/** Cosine of each image to the nearest sub-centre of the identity it is labelled with, (N). */
function ownCosines({ vectors: { data: embeddings, dimensions } }, { images, labels }, head, subcenters) {
  return Float64Array.from(images, ({ slot }, i) => {
    let best = -1;
    for (let k = 0; k < subcenters; k++) {
      const row = head.subarray(
        (labels[i] * subcenters + k) * dimensions,
        (labels[i] * subcenters + k + 1) * dimensions,
      );
      let [dot, square] = [0, 0];
      row.forEach((value, d) => {
        dot += value * embeddings[slot * dimensions + d];
        square += value * value;
      });
      best = Math.max(best, dot / Math.sqrt(square));
    }
    return best;
  });
}

async function measureCell({ name, settings }, seed, workspace, truth, strangers) {
  const context = contextOf(workspace, { ...settings, seed });
  const { result } = await train(context);
  const file = join(folder, `${result.run}.json`);
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8'));
  const { config } = findRun(workspace, result.run);
  const checkpoint = checkpointFileOf(workspace, result.run);
  const network = { config, checkpoint };
  const dataset = readDataset(workspace);
  const own = ownCosines(
    await embedded(context.config, network, dataset),
    dataset,
    readCheckpoint(checkpoint, ['head']).state.head,
    config.train.subcenters,
  );
  const clean = truth && dataset.images.map(({ path }) => truth.get(path) === 'none');
  const { images } = strangers;
  const pairs = makePairs(
    images.map(({ slot, identity }) => ({ index: slot, identity, heldOut: true })),
    PAIRS,
    1,
  );
  const { vectors } = await embedded(context.config, network, strangers);
  const { accuracy, auc, eer } = verificationOf(
    pairCosines(vectors, pairs),
    pairs.map(({ same }) => same),
    10,
  );
  const cell = {
    ...{ name, seed, loss: result.loss, meanAngle: result.meanAngleDegrees, relabelled: result.relabelled },
    ...{ accuracy, auc, eer, noiseAuroc: clean && areaUnderRoc(rank(own, clean)), steps: result.steps },
  };
  writeFileSync(file, JSON.stringify(cell));
  return cell;
}

/** Milliseconds a step of every loss, alternately, so that what else the machine does strikes all alike. */
async function stepTimes() {
  const classes = 79;
  const workers = [];
  for (const { name, settings } of rows.slice(1)) {
    const config = resolveConfig({ ...budget, subcenters: 1, ...settings });
    const loss = losses.find((one) => one.name === config.train.loss);
    const model = {
      network: trainedNetwork({ ...config, model: { ...config.model, neck: loss.neck } }),
      loss,
      classes,
      config,
    };
    const program = trainingProgram(model);
    const executable = await onnxEngine(config).load(program, freshState(weightSpecs(model), 0));
    const inputs = {
      images: Uint8Array.from(
        { length: config.train.batchSize * config.ingest.size ** 2 * 3 },
        () => 256 * Math.random(),
      ),
      labels: Int32Array.from({ length: config.train.batchSize }, (_, i) => (i >> 2) % classes),
      ...scheduledInputs(config, openLoss(loss, config.train.lossSettings), { epoch: 1, step: 0 }, 10),
    };
    workers.push(
      worker(
        name,
        () => executable.run(inputs),
        () => executable.dispose(),
      ),
    );
  }
  const times = workers.map(() => []);
  for (let round = 0; round < 9; round++)
    for (const [i, one] of workers.entries()) times[i].push((1000 * (await one.seconds(10))) / 10);
  for (const one of workers) await one.close();
  return Object.fromEntries(workers.map(({ name }, i) => [name, median(times[i])]));
}

/** The set to train on, and the kind of noise of each path; of a set without any, nothing. */
async function crawlOf(seed) {
  const source = joined('lfw10a');
  if (noise === 0) return { crawl: source, truth: undefined };
  const crawl = join(folder, `crawl-${seed}`);
  const kinds = { open: noise / 2, closed: noise / 2, nonface: 0 };
  if (!existsSync(crawl)) await inject({ source, out: crawl, ...kinds, seed, outsiders: join(data, 'lfw-outsiders') });
  return { crawl, truth: new Map(readTruth(join(crawl, 'truth.csv')).map((row) => [row.path, row.noise])) };
}

export async function measure() {
  mkdirSync(folder, { recursive: true });
  const others = await ingested('strangers', join(data, 'lfw5a'));
  const strangers = readDataset(others);
  const cells = [];
  for (const seed of seeds) {
    const { crawl, truth } = await crawlOf(seed);
    const workspace = await ingested(noise ? `seed-${seed}` : 'clean', crawl);
    for (const row of rows) {
      const start = performance.now();
      const cell = await measureCell(row, seed, workspace, truth, strangers);
      cells.push(cell);
      const seconds = ((performance.now() - start) / 1000).toFixed(0);
      console.error(
        seed,
        row.name,
        cell.loss.toFixed(2),
        cell.accuracy.toFixed(3),
        cell.noiseAuroc?.toFixed(3),
        `${seconds} s`,
      );
    }
    workspace.close();
  }
  others.close();
  return { seeds, cells, milliseconds: await stepTimes() };
}

export function describe({ cells, milliseconds }) {
  const of = (name) => cells.filter((cell) => cell.name === name);
  const untrained = mean(of('untrained').map(({ accuracy }) => accuracy));
  return [
    '| loss | accuracy | above untrained | AUC | AUROC of noise | ms a step |',
    '|---|---|---|---|---|---|',
    ...rows.map(({ name }) => {
      const column = (key) => plusMinus(of(name).map((cell) => cell[key]));
      const above = mean(of(name).map(({ accuracy }) => accuracy)) - untrained;
      const gain = name === 'untrained' ? '' : above.toFixed(3);
      return `| ${name} | ${column('accuracy')} | ${gain} | ${column('auc')} | ${noise ? column('noiseAuroc') : '-'} | ${milliseconds[name]?.toFixed(1) ?? ''} |`;
    }),
    '',
    `seeds ${seeds.join(', ')}; ${budget.backbone} on ${budget.size} pixels, aligned, ${budget.epochs} epochs, ${100 * noise} % noise`,
  ].join('\n');
}
