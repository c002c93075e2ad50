import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import * as tf from '#tfjs';
import { rowOf } from '../../src/core/vectors.js';
import { resolveConfig } from '../../src/core/resolve-config.js';
import { randomOf } from '../../src/core/random.js';
import { embed } from '../../src/pipeline/embed.js';
import { describeModel } from '../../src/engine/onnx/describe-model.js';
import { writeOnnx } from '../../src/engine/onnx/onnx-writer.js';
import { splitPrelu } from '../../src/engine/onnx/split-prelu.js';
import { openOnnxModel } from '../../src/engine/onnx-model.js';
import { traceProgram } from '../../src/engine/trace/trace-program.js';
import { ingest } from '../../src/pipeline/ingest.js';
import { backboneNamed } from '../../src/model/backbones.js';
import { embeddingProgram } from '../../src/model/embedding-network.js';
import { exportNetwork } from '../../src/model/export-network.js';
import { pretrainedModels } from '../../src/model/frozen/catalogue.js';
import { featuresOf } from '../../src/model/frozen/features.js';
import { frozenModel } from '../../src/model/frozen/frozen-model.js';
import { assertIntegrity } from '../../src/model/frozen/pull-model.js';
import { prepareInto, usualPreprocessing } from '../../src/model/frozen/preprocessing.js';
import { cropNetwork } from '../../src/model/network.js';
import { initialise } from '../../src/model/parameters.js';
import { embeddingsOf } from '../../src/workspace/embedding-file.js';
import { train } from '../../src/pipeline/train.js';
import { contextOf } from '../helpers/context.js';
import { onnx, randomInputs } from '../helpers/engines.js';
import { temporaryFolder, tinyCrawl } from '../helpers/tiny-crawl.js';

/** A model as others export them: one image at a time, channels first, the batch of 1 spelt out in a reshape. */
function writeModel(file: string, size = 16, dimensions = 8): string {
  const random = randomOf('frozen model');
  const features = 3 * size * size;
  const weights = Float32Array.from({ length: features * dimensions }, () => random.normal() / size);
  const { graph } = traceProgram(
    {
      inputs: { input: { shape: [1, 3, size, size], dtype: 'float32' } },
      state: { weights: { shape: [features, dimensions], dtype: 'float32' } },
      body: ({ input }, state) => ({
        outputs: { output: tf.matMul(tf.relu(input).reshape([1, -1]), state.weights as tf.Tensor2D) },
      }),
    },
    { block: 0, constants: { weights } },
  );
  writeFileSync(file, writeOnnx(graph));
  return file;
}

describe('a model from elsewhere', () => {
  it('takes several images at once although it was exported for one, with the same result', async () => {
    const file = writeModel(join(temporaryFolder(), 'model.onnx'));
    const model = await openOnnxModel(file, { threads: 2, device: 'cpu' });
    expect(model).toMatchObject({ inputShape: [3, 16, 16], outputLength: 8, batch: 16 });
    const images = Float32Array.from({ length: 3 * 768 }, (_, i) => Math.sin(i));
    const together = await model.run(images);
    const second = await model.run(images.slice(768, 1536));
    second.forEach((value, i) => expect(together[8 + i]).toBeCloseTo(value, 5));
    await model.dispose();
  });

  it('sees the mirror image of each crop as well', async () => {
    const file = writeModel(join(temporaryFolder(), 'model.onnx'));
    const random = randomOf('a crop and its mirror image');
    const crop = Uint8Array.from({ length: 16 * 16 * 3 }, () => random.integer(256));
    const mirror = crop.map((_, at) => {
      const [pixel, channel] = [Math.floor(at / 3), at % 3];
      return crop[3 * (pixel - (pixel % 16) + 15 - (pixel % 16)) + channel];
    });
    const supply = { count: 2, size: 16, fill: (i: number, target: Uint8Array) => target.set([crop, mirror][i]) };
    const { upright, mirrored } = await featuresOf(
      ...([frozenModel(resolveConfig({ backbone: file })), { threads: 1, device: 'cpu' }, supply, undefined, () => undefined] as const), // prettier-ignore
    );
    const close = (a: Float32Array, b: Float32Array): void =>
      a.forEach((value, i) => expect(value).toBeCloseTo(b[i], 4));
    close(mirrored.slice(0, 8), upright.slice(8));
    close(mirrored.slice(8), upright.slice(0, 8));
    expect(Math.hypot(...upright.slice(0, 8).map((value, i) => value - upright[8 + i]))).toBeGreaterThan(0.1);
  });

  it('is described: what it takes, returns, weighs and costs', async () => {
    const file = writeModel(join(temporaryFolder(), 'model.onnx'));
    expect(describeModel(file, readFileSync(file))).toMatchObject({
      inputs: [{ name: 'input', type: 'float32', shape: [1, 3, 16, 16] }],
      outputs: [{ name: 'output', shape: [1, 8] }],
      multiplies: 768 * 8,
      opset: 17,
    });
  });

  it('may take bytes, as a network exported here does: then they come as they are', async () => {
    const file = join(temporaryFolder(), 'exported.onnx');
    const network = cropNetwork(backboneNamed('plain-4'), { size: 16, embeddingSize: 8 });
    const weights = initialise(network.layers.parameters, 5);
    writeFileSync(file, exportNetwork(network, weights, {}));
    const { images } = randomInputs(embeddingProgram(network, 3).inputs, randomOf('bytes'));
    const program = await onnx.load(embeddingProgram(network, 3), weights);
    const { embedding: expected } = await program.run({ images });
    await program.dispose();

    const model = { file, sha256: '', preprocessing: usualPreprocessing };
    const fill = (index: number, into: Uint8Array, at: number): void =>
      into.set((images as Uint8Array).subarray(index * 768, (index + 1) * 768), at);
    const options = { threads: 2, device: 'cpu' };
    const { upright } = await featuresOf(model, options, { count: 3, size: 16, fill }, undefined, () => undefined);
    upright.forEach((value, i) => expect(value).toBeCloseTo(expected[i], 4));
    const normalised = upright.subarray(0, 8).reduce((sum, value) => sum + value * value, 0);
    expect(normalised).toBeCloseTo(1, 4);
  });

  it('embeds before training as the model itself, and trains a head on stored features', async () => {
    const place = temporaryFolder();
    const source = await tinyCrawl(join(place, 'crawl'));
    const backbone = writeModel(join(place, 'model.onnx'));
    const still = { backbone, learningRate: 1e-12, epochs: 1, batchSize: 8 };
    const context = contextOf(join(place, 'w'), still);
    await ingest(context, source);
    const { result } = await train(context);
    await embed(context);
    const { vectors } = embeddingsOf(context.workspace, result.run);
    expect(vectors.dimensions).toBe(8);
    expect(Math.hypot(...rowOf(vectors, 0))).toBeCloseTo(1, 4);

    const learning = { ...context, config: resolveConfig(context.config, { learningRate: 0.05, epochs: 20 }) };
    const trained = await train(learning);
    expect(trained.result.loss).toBeLessThan(result.loss);
  });

  it('says which crop size it wants', async () => {
    const place = temporaryFolder();
    const source = await tinyCrawl(join(place, 'crawl'));
    const context = contextOf(join(place, 'w'), { backbone: writeModel(join(place, 'model.onnx'), 32) });
    await ingest(context, source);
    await expect(train(context)).rejects.toThrow(/takes images of 32 pixels, but the crops have 16/);
  });

  it('takes its preprocessing from the settings, else from the JSON beside it', () => {
    const file = writeModel(join(temporaryFolder(), 'model.onnx'));
    const of = (settings: object) => frozenModel(resolveConfig({ backbone: file, ...settings })).preprocessing;
    expect(of({})).toEqual({ channels: 'rgb', mean: 127.5, scale: 127.5 });
    writeFileSync(file.replace('.onnx', '.json'), '{"channels":"bgr","mean":100,"scale":50}');
    expect(of({})).toEqual({ channels: 'bgr', mean: 100, scale: 50 });
    expect(of({ pixelMean: 0 })).toEqual({ channels: 'bgr', mean: 0, scale: 50 });
    writeFileSync(file.replace('.onnx', '.json'), '{"chanels":"bgr"}');
    expect(() => of({})).toThrow(/model\.json.*chanels/s);
  });

  it('gets crops of its own published size unless told otherwise', () => {
    expect(resolveConfig({ backbone: 'pretrained:mobilefacenet' }).ingest.size).toBe(112);
    expect(resolveConfig({ backbone: 'pretrained:mobilefacenet' }, { size: 64 }).ingest.size).toBe(64);
  });
});

it('has its PRelu written in pieces that the runtime fuses, every bit the same', async () => {
  const constant = (name: string, shape: number[], values: Float32Array<ArrayBuffer>) => ({
    ...{ name, shape, type: 'float32' as const },
    bytes: new Uint8Array(values.buffer),
  });
  const value = (name: string) => ({ name, shape: [1, 3, 4, 4], type: 'float32' as const });
  const bytes = writeOnnx({
    nodes: [{ op: 'PRelu', inputs: ['x', 'slope'], outputs: ['y'], attributes: {} }],
    initializers: [constant('slope', [3, 1, 1], Float32Array.of(0.25, -0.5, 2))],
    inputs: [value('x')],
    outputs: [value('y')],
  });
  const split = splitPrelu(Buffer.concat([Buffer.from([0]), bytes]).subarray(1));
  expect(describeModel('split', split).operators).toEqual({ Relu: 2, Conv: 2, Add: 1 });
  const x = new Tensor(
    'float32',
    Float32Array.from({ length: 48 }, (_, i) => Math.sin(i)),
    [1, 3, 4, 4],
  );
  const [before, after] = await Promise.all(
    [bytes, split].map(
      async (model) => (await (await InferenceSession.create(model)).run({ x })).y.data as Float32Array,
    ),
  );
  expect(after.map((one) => one + 0)).toEqual(before.map((one) => one + 0)); // -0 is 0
});

it('prepares pixels: channel order, mean, scale, mirror', () => {
  const bytes = Uint8Array.from({ length: 12 }, (_, i) => i); // 2 x 2 pixels: (0 1 2)(3 4 5) / (6 7 8)(9 10 11)
  const prepare = (channels: 'rgb' | 'bgr', channelsFirst: boolean, mirror: boolean): number[] => {
    const target = new Float32Array(12);
    prepareInto(bytes, 2, target, 0, { channels, mean: 1, scale: 2 }, { channelsFirst, mirror });
    return [...target].map((value) => value * 2 + 1);
  };
  expect(prepare('rgb', true, false)).toEqual([0, 3, 6, 9, 1, 4, 7, 10, 2, 5, 8, 11]);
  expect(prepare('bgr', true, true)).toEqual([5, 2, 11, 8, 4, 1, 10, 7, 3, 0, 9, 6]);
  expect(prepare('rgb', false, false)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
});

describe('a pulled package', () => {
  it.each(pretrainedModels)('$name is refused when it is not the one that was pinned', (model) => {
    const tarball = join(temporaryFolder(), 'other.tgz');
    writeFileSync(tarball, 'something else');
    expect(() => assertIntegrity(model, tarball)).toThrow(/is not the package that was checked/);
  });
});
