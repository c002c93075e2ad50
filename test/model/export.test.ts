import { InferenceSession, Tensor } from 'onnxruntime-node';
import { expect, it } from 'vitest';
import { randomOf } from '../../src/core/random.js';
import { describeModel } from '../../src/engine/onnx/describe-model.js';
import { backboneNamed } from '../../src/model/backbones.js';
import { embeddingProgram } from '../../src/model/embedding-network.js';
import { exportNetwork } from '../../src/model/export-network.js';
import { cropNetwork } from '../../src/model/network.js';
import { initialise } from '../../src/model/parameters.js';
import { onnx, randomInputs } from '../helpers/engines.js';

it.each(['plain-7', 'mobilefacenet', 'ir-18'])('%s, exported, embeds any number of crops as we do', async (name) => {
  const network = cropNetwork(backboneNamed(name), { size: 32, embeddingSize: 24 });
  const weights = initialise(network.layers.parameters, 3);
  const bytes = exportNetwork(network, weights, { run: 'train-1', licence: 'none' });
  const session = await InferenceSession.create(bytes);
  for (const count of [1, 3]) {
    const program = embeddingProgram(network, count);
    const { images } = randomInputs(program.inputs, randomOf('export', count));
    const ours = await onnx.load(program, weights);
    const { embedding: expected } = await ours.run({ images });
    const { embedding } = await session.run({ images: new Tensor('uint8', images as Uint8Array, [count, 32, 32, 3]) });
    expect(embedding.dims).toEqual([count, 24]);
    (embedding.data as Float32Array).forEach((value, i) => expect(Math.abs(value - expected[i])).toBeLessThan(1e-4));
    await ours.dispose();
  }
  const described = describeModel('exported', bytes);
  expect(described.inputs[0].shape).toEqual(['batch', 32, 32, 3]);
  expect(described.domains).toEqual([]);
  expect(described.metadata).toEqual({ run: 'train-1', licence: 'none' });
  await session.release();
});
