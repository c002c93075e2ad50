import { describe, expect, it } from 'vitest';
import * as tf from '#tfjs';
import { resolveConfig } from '../../src/core/resolve-config.js';
import { randomOf } from '../../src/core/random.js';
import type { Program } from '../../src/engine/program.js';
import { arcface } from '../../src/losses/arcface.js';
import type { Backbone } from '../../src/model/backbone.js';
import { backbones } from '../../src/model/backbones.js';
import { irResnet } from '../../src/model/backbones/ir-resnet.js';
import { sphereface } from '../../src/model/backbones/sphereface-20.js';
import { cropNetwork } from '../../src/model/network.js';
import { embeddingProgram } from '../../src/model/embedding-network.js';
import { initialise } from '../../src/model/parameters.js';
import { freshState, trainingProgram, weightSpecs } from '../../src/training/training-program.js';
import { tinySettings } from '../helpers/context.js';
import { expectClose, onnx, randomInputs, referee, runBoth } from '../helpers/engines.js';

const config = resolveConfig({ ...tinySettings, batchSize: 6 });

/** Small enough for the referee, which is slow; the published networks of the same kind differ only in size. */
const small: readonly Backbone[] = [
  ...backbones.filter(({ name }) => name.startsWith('plain') || name === 'mobilefacenet'),
  irResnet('ir-tiny', [2, 1, 1, 1], { widths: [16, 16, 32, 32] }),
  irResnet('ir-se-tiny', [2, 1, 1, 1], { widths: [8, 16, 16, 16], excite: true }),
  sphereface('sphereface-tiny', [16, 16, 32, 32]),
];

describe.each(small.map((backbone) => [backbone.name, backbone] as const))('backbone %s', (_, backbone) => {
  it('embeds alike under both engines, to unit length', async () => {
    const shape = { size: 16, embeddingSize: 8 };
    const network = cropNetwork(backbone, shape);
    const program = embeddingProgram(network, 3);
    const inputs = randomInputs(program.inputs, randomOf('embed', backbone.name));
    const [actual, expected] = await runBoth(program, inputs, initialise(network.layers.parameters, 1));
    expectClose(actual, expected, 1e-4);
    const first = actual.embedding.slice(0, 8) as Float32Array;
    expect(Math.hypot(...first)).toBeCloseTo(1, 4);
  });

  it('trains alike under both engines', async () => {
    const model = {
      network: cropNetwork(backbone, { ...config.ingest, ...config.model }),
      loss: arcface,
      classes: 5,
      config,
    };
    const program = trainingProgram(model);
    const inputs = {
      ...randomInputs(program.inputs, randomOf('train', backbone.name)),
      rate: Float32Array.of(0.05),
      margin: Float32Array.of(0.3),
    };
    const [actual, expected] = await runBoth(program, inputs, freshState(weightSpecs(model), 1));
    expectClose(actual, expected, 2e-3);
  });
});

describe('an engine', () => {
  const counter: Program = {
    inputs: { by: { shape: [2], dtype: 'float32' } },
    state: { total: { shape: [2], dtype: 'float32' } },
    body: ({ by }, { total }) => {
      const next = tf.add(total, by);
      return { outputs: { double: tf.mul(next, 2) }, state: { total: next } };
    },
  };

  it.each([onnx, referee])('$name moves its state on from step to step', async (engine) => {
    const executable = await engine.load(counter, { total: Float32Array.of(1, 10) });
    await executable.run({ by: Float32Array.of(1, 1) });
    const { double } = await executable.run({ by: Float32Array.of(2, 3) });
    expect([...double]).toEqual([2 * (1 + 1 + 2), 2 * (10 + 1 + 3)]);
    expect([...(await executable.readState()).total]).toEqual([1 + 1 + 2, 10 + 1 + 3]);
    await executable.dispose();
  });

  it('names the kernel it lacks and the operation that asked for it', async () => {
    const program: Program = {
      inputs: { x: { shape: [3], dtype: 'float32' } },
      state: {},
      body: ({ x }) => ({ outputs: { y: tf.erf(x) } }),
    };
    await expect(onnx.load(program, {})).rejects.toThrow(/no kernel "Erf", which tf\.erf asked for/);
  });
});
