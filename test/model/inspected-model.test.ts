import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../src/core/resolve-config.js';
import { openOnnxModel } from '../../src/engine/onnx-model.js';
import { type OnnxValue, writeOnnx } from '../../src/engine/onnx/onnx-writer.js';
import { MessageWriter } from '../../src/engine/onnx/protobuf.js';
import { editFields } from '../../src/engine/onnx/protobuf-reader.js';
import { featuresOf } from '../../src/model/frozen/features.js';
import { frozenModel } from '../../src/model/frozen/frozen-model.js';
import { usualPreprocessing } from '../../src/model/frozen/preprocessing.js';
import { temporaryFolder } from '../helpers/tiny-crawl.js';

const options = { threads: 1, device: 'cpu' };
const SIZE = 16;
const LENGTH = 16;

interface Net {
  /** Sides of an image. */
  input?: number[];
  batch?: number | string;
  /** Outputs in order, of `norm` and `embedding`. */
  outputs?: string[];
  weights?: (i: number) => number;
  embedding?: string;
}

/** A network of one product: an image, flat, times weights; `norm` is the length of a row. */
function netOf(net: Net = {}): Uint8Array {
  const {
    input = [3, SIZE, SIZE],
    batch = 'N',
    outputs = ['embedding'],
    weights = (i: number) => Math.sin(i * i),
  } = net;
  const count = input.reduce((product, side) => product * side, 1) * LENGTH;
  const data = Float32Array.from({ length: count }, (_, i) => weights(i));
  const values: Record<string, OnnxValue> = {
    embedding: { name: net.embedding ?? 'embedding', shape: [batch, LENGTH], type: 'float32' },
    norm: { name: 'norm', shape: [batch, 1], type: 'float32' },
    again: { name: 'again', shape: [batch, LENGTH], type: 'float32' },
  };
  const name = values.embedding.name;
  return writeOnnx({
    nodes: [
      { op: 'Flatten', inputs: ['x'], outputs: ['flat'], attributes: { axis: 1 } },
      { op: 'MatMul', inputs: ['flat', 'w'], outputs: [name], attributes: {} },
      ...(outputs.includes('norm')
        ? [{ op: 'ReduceL2', inputs: [name], outputs: ['norm'], attributes: { axes: [1], keepdims: 1 } }]
        : []),
      ...(outputs.includes('again') ? [{ op: 'Neg', inputs: [name], outputs: ['again'], attributes: {} }] : []),
    ],
    initializers: [{ name: 'w', shape: [count / LENGTH, LENGTH], type: 'float32', bytes: new Uint8Array(data.buffer) }],
    inputs: [{ name: 'x', shape: [batch, ...input], type: 'float32' }],
    outputs: outputs.map((output) => values[output]),
  });
}

function fileOf(bytes: Uint8Array): string {
  const file = join(temporaryFolder(), 'model.onnx');
  writeFileSync(file, bytes);
  return file;
}

/** The same model with its weights in a file beside it. */
function externalised(bytes: Uint8Array, file: string, location = 'model.onnx.data'): void {
  let weights: Uint8Array = new Uint8Array(0);
  const model = editFields(bytes, (field) =>
    field.number !== 7
      ? field.value
      : editFields(field.value as Uint8Array, (part) => {
          if (part.number !== 5) return part.value;
          const writer = new MessageWriter();
          const rest = editFields(part.value as Uint8Array, (inner) => {
            if (inner.number === 9) weights = inner.value as Uint8Array;
            return inner.number === 9 ? new Uint8Array(0) : inner.value;
          });
          writer
            .integer(1, weights.length / 4 / LENGTH)
            .integer(1, LENGTH)
            .integer(2, 1)
            .text(8, 'w');
          for (const [key, value] of Object.entries({ location, offset: '0', length: String(weights.length) }))
            writer.message(13, new MessageWriter().text(1, key).text(2, value));
          expect(rest.length).toBeGreaterThan(0);
          return writer.integer(14, 1).finish();
        }),
  );
  writeFileSync(file, model);
  writeFileSync(join(file, '..', 'model.onnx.data'), weights);
}

/** Features of `count` crops of different colours. */
function features(file: string, count = 3, size = SIZE) {
  const model = { file, sha256: '', preprocessing: usualPreprocessing };
  const fill = (index: number, into: Uint8Array, at: number): void => {
    for (let i = 0; i < size * size * 3; i++) into[at + i] = (i * (index + 3)) % 251;
  };
  return featuresOf(model, options, { count, size, fill }, undefined, () => undefined);
}

describe('the weights of a model in a file beside it', () => {
  it('are part of it, and of its hash', async () => {
    const [whole, split] = [fileOf(netOf()), join(temporaryFolder(), 'model.onnx')];
    externalised(netOf(), split);
    const [expected, actual] = [await features(whole), await features(split)];
    expect([...actual.upright]).toEqual([...expected.upright]);
    const hash = (): string => frozenModel(resolveConfig({ backbone: split })).sha256;
    const before = hash();
    writeFileSync(`${split}.data`, new Uint8Array(3 * SIZE * SIZE * LENGTH * 4).fill(1));
    expect(hash()).not.toBe(before);
  });

  it('are not looked for elsewhere, and not believed to be longer than they are', async () => {
    const file = join(temporaryFolder(), 'model.onnx');
    externalised(netOf(), file, '../model.onnx.data');
    await expect(features(file)).rejects.toThrow(/keeps weights in "..\/model.onnx.data", which is not beside it/);
    externalised(netOf(), file);
    writeFileSync(`${file}.data`, new Uint8Array(10));
    await expect(features(file)).rejects.toThrow(/cut short/);
  });
});

describe('of several outputs', () => {
  it.each([
    ['the row of several numbers', { outputs: ['norm', 'embedding'] }],
    ['the one called embedding', { outputs: ['again', 'embedding'] }],
  ])('%s is taken', async (_, net) => {
    const [alone, several] = [await features(fileOf(netOf())), await features(fileOf(netOf(net)))];
    expect(several.dimensions).toBe(LENGTH);
    expect([...several.upright]).toEqual([...alone.upright]);
  });

  it('that may all be it, none is taken: they are named', async () => {
    const file = fileOf(netOf({ outputs: ['again', 'embedding'], embedding: 'other' }));
    await expect(features(file)).rejects.toThrow(
      /does not say which is the embedding: "again" \(N x 16\), "other" \(N x 16\)/,
    );
  });

  it('none of which is a row of numbers, the model is no recognition model', async () => {
    const norm = { name: 'norm', shape: ['N', 1], type: 'float32' as const };
    const file = fileOf(
      writeOnnx({
        nodes: [{ op: 'ReduceL2', inputs: ['x'], outputs: ['norm'], attributes: { axes: [1, 2, 3], keepdims: 0 } }],
        initializers: [],
        inputs: [{ name: 'x', shape: ['N', 3, SIZE, SIZE], type: 'float32' }],
        outputs: [norm],
      }),
    );
    await expect(features(file)).rejects.toThrow(/gives no embedding: its outputs are "norm"/);
  });
});

describe('the images that a model takes', () => {
  it('may be grey: the light of each pixel is fed', async () => {
    const { upright, mirrored } = await features(
      fileOf(netOf({ input: [1, SIZE, SIZE], weights: (i) => (i % LENGTH === 0 ? 1 : 0) })),
    );
    const light = Array.from({ length: SIZE * SIZE }, (_, pixel) => {
      const [r, g, b] = [0, 1, 2].map((c) => ((3 * pixel + c) * 3) % 251);
      return (0.299 * r + 0.587 * g + 0.114 * b - 127.5) / 127.5;
    }).reduce((sum, value) => sum + value, 0);
    expect(upright[0]).toBeCloseTo(light, 2);
    expect(mirrored[0]).toBeCloseTo(light, 2);
  });

  it.each([8, 32])('may come in batches of exactly %i: the last is filled up', async (batch) => {
    const [free, fixed] = [await features(fileOf(netOf()), 11), await features(fileOf(netOf({ batch })), 11)];
    fixed.upright.forEach((value, i) => expect(value).toBeCloseTo(free.upright[i], 3));
  });

  it.each([[[3, 16, 12]], [[4, 16, 16]]])('of %j are refused in a sentence', async (input) => {
    await expect(openOnnxModel(fileOf(netOf({ input })), options)).rejects.toThrow(/square ones of 1 or 3 colours/);
  });
});

describe('a model that tells nobody apart is refused', () => {
  it.each([
    ['zeros', () => 0, /gives the same row, zeros, for all 3 crops/],
    ['numbers that are not finite', () => NaN, /not finite/],
  ])('as it gives %s', async (_, weights, message) => {
    await expect(features(fileOf(netOf({ weights })))).rejects.toThrow(message);
  });
});
