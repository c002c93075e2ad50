import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../src/core/resolve-config.js';
import { randomOf } from '../../src/core/random.js';
import { writeOnnx } from '../../src/engine/onnx/onnx-writer.js';
import { lossNamed } from '../../src/losses/losses.js';
import { openLoss } from '../../src/losses/loss-settings.js';
import { embeddingProgram } from '../../src/model/embedding-network.js';
import { exportNetwork } from '../../src/model/export-network.js';
import { ImportError } from '../../src/model/foreign/operator.js';
import { operators } from '../../src/model/foreign/operators.js';
import { importOnnx } from '../../src/model/foreign/import-onnx.js';
import { prepareInto, type Preprocessing } from '../../src/model/frozen/preprocessing.js';
import { scheduledInputs } from '../../src/training/step-inputs.js';
import { freshState, trainingProgram, weightSpecs } from '../../src/training/training-program.js';
import { expectClose, onnx, randomInputs, runBoth } from '../helpers/engines.js';
import { ForeignNet, mobileNet, runForeign } from '../helpers/foreign-net.js';

const COUNT = 3;
const bgr: Preprocessing = { channels: 'bgr', mean: 127, scale: 128 };

/** A residual network with a squeeze-and-excitation, pools, uneven edges, flattened maps and products, on 8 pixels. */
function otherNet(): { net: ForeignNet; output: string } {
  const net = new ForeignNet(8);
  const grey = net.node('Mul', [
    net.node('Sub', ['image', net.weight('half', [1], [0.1])]),
    net.weight('two', [], [2]),
  ]);
  const shifted = net.node('Div', [grey, net.weight('third', [1, 3, 1, 1], [2, 3, 4])]);
  const stem = net.conv(shifted, 'stem', [6, 3, 3], { pads: [0, 0, 1, 1], strides: [2, 2] }); // 8 -> 4
  const filters = net.weight('body.w', [6, 6, 3, 3]);
  const body = net.node('Relu', [net.norm(net.node('Conv', [stem, filters], { auto_pad: 'SAME_UPPER' }), 'n', 6)]);
  const sides = net.integers(2, 3);
  const means = net.node('Unsqueeze', [net.node('Squeeze', [net.node('GlobalAveragePool', [body]), sides]), sides]);
  const gate = net.node('Sigmoid', [net.conv(means, 'gate', [6, 6, 1])]);
  const sum = net.node('Add', [net.node('Mul', [body, gate]), stem]);
  const largest = net.node('MaxPool', [sum], { kernel_shape: [3, 3], strides: [1, 1], pads: [1, 1, 1, 1] });
  const mean = net.node('AveragePool', [net.node('LeakyRelu', [largest])], { kernel_shape: [2, 2], strides: [2, 2] });
  const flat = net.node('Flatten', [net.node('Dropout', [net.node('Identity', [mean])])]); // (N, 6 * 2 * 2)
  const hidden = net.node('Gemm', [flat, net.weight('g.w', [10, 24]), net.weight('g.b', [10])], { transB: 1 });
  const slope = net.weight('slope', [1], [0.3]);
  const last = net.node('MatMul', [net.node('PRelu', [hidden, slope]), net.weight('h.w', [10, 12])]);
  return { net, output: net.norm(last, 'out', 12) };
}

const nets = { mobileNet, otherNet };
const names = Object.keys(nets) as (keyof typeof nets)[];
const imported = (name: keyof typeof nets) => {
  const { net, output } = nets[name]();
  const bytes = net.bytes({ [output]: [12] });
  return { bytes, ...importOnnx('model', bytes, bgr) };
};

/** Unit rows of what ONNX Runtime makes of crops and their mirror images, summed. */
async function embeddedElsewhere(bytes: Uint8Array, crops: Uint8Array): Promise<Float32Array> {
  const rows: number[][] = [];
  for (const mirror of [false, true]) {
    const images = new Float32Array(COUNT * 192);
    for (let i = 0; i < COUNT; i++)
      prepareInto(crops.subarray(i * 192, (i + 1) * 192), 8, images, i * 192, bgr, { channelsFirst: true, mirror });
    rows.push(await runForeign(bytes, images, 8));
  }
  const sums = rows[0].map((value, i) => value + rows[1][i]);
  const length = (row: number): number => Math.hypot(...sums.slice(row * 12, (row + 1) * 12));
  return Float32Array.from(sums, (value, i) => value / length(Math.floor(i / 12)));
}

describe.each(names)('a foreign graph (%s)', (name) => {
  const { bytes, network, weights } = imported(name);
  const program = embeddingProgram(network, COUNT);
  const { images } = randomInputs(program.inputs, randomOf('imported')) as { images: Uint8Array };

  it('embeds as ONNX Runtime runs it, and under the referee', async () => {
    const expected = await embeddedElsewhere(bytes, images);
    for (const { embedding } of await runBoth(program, { images }, weights))
      embedding.forEach((value, i) => expect(Math.abs(value - expected[i])).toBeLessThan(1e-5));
  });

  it('is exported as any network of ours', async () => {
    const session = await onnx.load(program, weights, { frozen: true });
    const { embedding: expected } = await session.run({ images });
    await session.dispose();
    const { InferenceSession, Tensor } = await import('onnxruntime-node');
    const exported = await InferenceSession.create(exportNetwork(network, weights, {}));
    const { embedding } = await exported.run({ images: new Tensor('uint8', images, [COUNT, 8, 8, 3]) });
    (embedding.data as Float32Array).forEach((value, i) => expect(Math.abs(value - expected[i])).toBeLessThan(1e-5));
    await exported.release();
  });

  it('is trained: a step changes every weight as under the referee, and the loss falls', async () => {
    const config = resolveConfig({ loss: 'arcface', subcenters: 1, batchSize: 8, epochs: 9, learningRate: 0.02 });
    const loss = lossNamed('arcface');
    const model = { network, loss, classes: 2, config };
    const [step, specs] = [trainingProgram(model), weightSpecs(model)];
    const state = freshState(specs, 1);
    for (const [key, values] of Object.entries(weights)) expect([...state[key]]).toEqual([...values]);
    const inputs = {
      ...randomInputs(step.inputs, randomOf('faces')),
      labels: Int32Array.from({ length: 8 }, (_, i) => i % 2),
      ...scheduledInputs(config, openLoss(loss, {}), { epoch: 4, step: 0 }, 1),
    };
    const [ours, referee] = await runBoth(step, inputs, state);
    expectClose(ours, referee, 2e-3);
    for (const [key, { trainable }] of Object.entries(network.layers.parameters))
      if (trainable)
        expect(
          ours[key].some((value, i) => value !== weights[key][i]),
          key,
        ).toBe(true);
    const session = await onnx.load(step, state);
    const losses: number[] = [];
    for (let i = 0; i < 12; i++) losses.push((await session.run(inputs)).loss[0]);
    await session.dispose();
    expect(losses.at(-1)).toBeLessThan(0.7 * losses[0]);
  });
});

describe('what cannot be imported', () => {
  const importing = (build: (net: ForeignNet) => string) => () => {
    const net = new ForeignNet(8);
    return importOnnx('model.onnx', net.bytes({ [build(net)]: [12] }), bgr);
  };

  it.each([
    [
      'an operator',
      (net: ForeignNet) => net.node('Softplus', ['image']),
      /operator Softplus \(node "Softplus0"\).*Conv, /,
    ],
    [
      'an operator of another domain',
      (net: ForeignNet) => net.node('Relu', ['image'], {}, 'com.microsoft'),
      /operator Relu \(node "Relu0"\)/,
    ],
    ['gaps', (net: ForeignNet) => net.conv('image', 'c', [4, 3, 3], { dilations: [2, 2] }), /Conv0.*has gaps/],
    [
      'groups',
      (net: ForeignNet) => net.conv(net.conv('image', 'c', [4, 3, 3]), 'd', [4, 2, 3], { group: 2 }),
      /Conv1.*groups/,
    ],
    ['steps that differ', (net: ForeignNet) => net.conv('image', 'c', [4, 3, 3], { strides: [2, 1] }), /not square/],
    [
      'sides rounded up',
      (net: ForeignNet) => net.node('MaxPool', ['image'], { kernel_shape: [2, 2], strides: [4, 4], ceil_mode: 1 }),
      /rounds its sides up/,
    ],
    [
      'counted edges',
      (net: ForeignNet) =>
        net.node('AveragePool', ['image'], { kernel_shape: [3, 3], pads: [1, 1, 1, 1], count_include_pad: 1 }),
      /counts its edges/,
    ],
    [
      'weights that are computed',
      (net: ForeignNet) => net.node('Conv', ['image', 'image']),
      /"image" is no float32 constant/,
    ],
    [
      'a constant for each column',
      (net: ForeignNet) => net.node('Add', ['image', net.weight('w', [8])]),
      /"w" \(8\) is none a channel/,
    ],
    [
      'a reshape that mixes',
      (net: ForeignNet) => net.node('Reshape', ['image', net.integers(-1, 12, 16)]),
      /Reshape.*only maps become rows/,
    ],
    ['maps as a result', (net: ForeignNet) => net.node('Relu', ['image']), /its output "Relu0" is no row/],
  ])('%s: the error says what, and where', (_, build, message) => {
    expect(importing(build)).toThrow(message);
  });

  it('is of a known class that holds the node', () => {
    expect(importing((net) => net.node('Tan', ['image']))).toThrow(ImportError);
  });

  it('an operator that leads to no embedding does not matter', () => {
    const { net, output } = mobileNet();
    net.node('Softplus', ['image']);
    expect(() => importOnnx('model.onnx', net.bytes({ [output]: [12] }), bgr)).not.toThrow();
  });

  it('bytes instead of a model, and what takes no images', () => {
    expect(() => importOnnx('model.onnx', Uint8Array.of(1, 2, 3), bgr)).toThrow(/"model.onnx" is not an ONNX model/);
    const value = { name: 'x', shape: ['N', 8], type: 'float32' as const };
    const rows = writeOnnx({ nodes: [], initializers: [], inputs: [value], outputs: [value] });
    expect(() => importOnnx('model.onnx', rows, bgr)).toThrow(/floats \(N, 3, S, S\).*takes "x" float32 \(N, 8\)/);
  });
});

it('every operator has a net above that uses it', () => {
  const used = names.flatMap((name) => {
    const { net, output } = nets[name]();
    return [...new TextDecoder('latin1').decode(net.bytes({ [output]: [12] })).matchAll(/[A-Z][A-Za-z]+/g)].map(String);
  });
  const missing = operators.map(({ op }) => op).filter((op) => !used.includes(op));
  expect(missing).toEqual([]);
});
