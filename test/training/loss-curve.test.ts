import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { writeTensors } from '../../src/core/safetensors.js';
import { trainingProgram } from '../../src/training/training-program.js';
import { batchOf, model, specs, start, STEPS } from '../golden/start.js';
import { onnx } from '../helpers/engines.js';

it('learns as PyTorch does from the same weights, step by step', async () => {
  const state = start();
  const file = process.env.GOLDEN_START;
  if (file) {
    const tensors = Object.entries(specs).map(([name, { shape }]) => [
      name,
      { shape, data: state[name] as Float32Array },
    ]);
    writeTensors(file, { tensors: Object.fromEntries(tensors), metadata: {} });
  }
  const golden = JSON.parse(readFileSync(new URL('../golden/loss-curve.json', import.meta.url), 'utf8')) as number[];
  const executable = await onnx.load(trainingProgram(model), state);
  const losses: number[] = [];
  for (let step = 0; step < STEPS; step++) losses.push((await executable.run(batchOf(step))).loss[0]);
  await executable.dispose();
  expect(golden.length).toBe(STEPS);
  expect(golden.at(-1)!).toBeLessThan(golden[0] / 2);
  losses.forEach((loss, step) => expect(Math.abs(loss / golden[step] - 1), `step ${step}`).toBeLessThan(0.02));
});
