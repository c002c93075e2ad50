// Steps with the head of 100,000 identities against steps with that of 2,000, the same sample a step: seconds and memory.
import { resolveConfig } from '../dist/core/resolve-config.js';
import { onnxEngine } from '../dist/engine/onnx-engine.js';
import { arcface } from '../dist/losses/arcface.js';
import { trainedNetwork } from '../dist/model/network.js';
import { SampledHead } from '../dist/subcenter/sampled-head.js';
import { freshState, trainingProgram, weightSpecs } from '../dist/training/training-program.js';

const SAMPLE = 1000;
const STEPS = 12;
const [K, D] = [3, 512];
const config = resolveConfig({ subcenters: K, embeddingSize: D, batchSize: 32 });
const network = trainedNetwork(config);
const mib = (bytes) => bytes / 2 ** 20;

async function session(classes) {
  const model = { network, loss: arcface, config };
  const { head, 'velocity:head': velocity, ...state } = freshState(weightSpecs({ ...model, classes: SAMPLE }), 0);
  const repeat = (values) => Float32Array.from({ length: classes * K * D }, (_, i) => values[i % values.length]);
  const rowLength = K * D;
  const sampled = new SampledHead(repeat(head), repeat(velocity), { classes, sampled: SAMPLE, rowLength, seed: 0 });
  const program = trainingProgram({ ...model, classes: SAMPLE, sampled: true });
  const executable = await onnxEngine({ threads: config.threads, device: 'cpu' }).load(program, state);
  const images = Uint8Array.from({ length: 32 * 64 * 64 * 3 }, () => 256 * Math.random());
  let at = 0;
  return async function step() {
    at++;
    const labels = Int32Array.from({ length: 32 }, () => Math.floor(classes * Math.random()));
    const start = performance.now();
    const sample = sampled.sample(labels, 0, at);
    const scalars = { rate: Float32Array.of(0.05), margin: Float32Array.of(0.3) };
    sampled.write(sample, await executable.run({ images, labels: sample.labels, ...scalars, ...sample.inputs }));
    return (performance.now() - start) / 1000;
  };
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

export async function measure() {
  const added = [];
  const opened = async (classes) => {
    const before = process.memoryUsage().rss;
    const step = await session(classes);
    for (let i = 0; i < 3; i++) await step();
    added.push(process.memoryUsage().rss - before);
    return step;
  };
  const few = await opened(2000); // the engine and its buffers, and hardly any head
  const many = await opened(100_000);
  const seconds = [[], []];
  for (let round = 0; round < STEPS; round++)
    for (const [i, step] of [few, many].entries()) seconds[i].push(await step());
  const formula = 2 * 4 * (100_000 - 2000) * K * D; // W and its velocity, float32
  return {
    subcenters: K,
    dimensions: D,
    sample: SAMPLE,
    imagesPerSecond: { 2000: 32 / median(seconds[0]), 100000: 32 / median(seconds[1]) },
    ratio: median(seconds[0]) / median(seconds[1]),
    addedResidentMiB: mib(added[1] - added[0]),
    formulaMiB: mib(formula),
  };
}

export function describe({ imagesPerSecond, ratio, addedResidentMiB, formulaMiB, sample, subcenters, dimensions }) {
  return [
    '| identities | classes a step | images/s |',
    '|---|---|---|',
    ...Object.entries(imagesPerSecond).map(([c, rate]) => `| ${c} | ${sample} | ${rate.toFixed(0)} |`),
    '',
    `Speed with 100,000 against 2,000: ${ratio.toFixed(2)}. Resident memory of 100,000 x ${subcenters} x ${dimensions} above that of 2,000: ` +
      `${addedResidentMiB.toFixed(0)} MiB; the formula (8 C K d bytes) says ${formulaMiB.toFixed(0)} MiB.`,
  ].join('\n');
}
