import { expect, it } from 'vitest';
import { describeModel } from '../../src/engine/onnx/describe-model.js';
import { initializerMessage, type OnnxGraph, writeOnnx } from '../../src/engine/onnx/onnx-writer.js';
import { MessageWriter } from '../../src/engine/onnx/protobuf.js';
import { expectProcessorTime } from '../helpers/processor-time.js';

const integers = (name: string, values: readonly number[]) => ({
  ...{ name, shape: [values.length], type: 'int64' as const },
  bytes: new Uint8Array(BigInt64Array.from(values, BigInt).buffer),
});
const floats = (name: string, shape: number[]) => ({
  ...{ name, shape, type: 'float32' as const },
  bytes: new Uint8Array(4 * shape.reduce((a, b) => a * b, 1)),
});
const value = (name: string, shape: (number | string)[]) => ({ name, shape, type: 'float32' as const });
const node = (op: string, inputs: string[], output: string, attributes = {}) => ({
  op,
  inputs,
  outputs: [output],
  attributes,
});

it('counts multiplications from shapes that follow from the input, batch and flattening included', () => {
  const graph: OnnxGraph = {
    nodes: [
      node('Conv', ['x', 'filters'], 'a', { strides: [2, 2], pads: [1, 1, 1, 1], kernel_shape: [3, 3] }),
      node('PRelu', ['a', 'slope'], 'b'),
      node('MaxPool', ['b'], 'c', { kernel_shape: [2, 2], strides: [2, 2] }),
      node('Shape', ['c'], 'd'),
      node('Gather', ['d', 'zero'], 'e', { axis: 0 }),
      node('Concat', ['e', 'rest'], 'f', { axis: 0 }),
      node('Reshape', ['c', 'f'], 'g'),
      node('Gemm', ['g', 'weights'], 'y', { transB: 1 }),
    ],
    initializers: [
      ...[floats('filters', [8, 3, 3, 3]), floats('slope', [8, 1, 1]), floats('weights', [5, 128])],
      ...[integers('zero', [0]), integers('rest', [-1])],
    ],
    inputs: [value('x', ['batch', 3, 16, 16])],
    outputs: [value('y', ['batch', 5])],
  };
  const described = describeModel('net.onnx', writeOnnx(graph));
  expect(described).toMatchObject({
    inputs: [{ name: 'x', type: 'float32', shape: ['batch', 3, 16, 16] }],
    multiplies: 8 * 8 * 8 * 27 + 128 * 5,
    parameters: 8 * 27 + 8 + 5 * 128 + 1 + 1,
  });
  const unknown = { ...graph, nodes: graph.nodes.map((one) => (one.op === 'MaxPool' ? { ...one, op: 'Odd' } : one)) };
  expect(describeModel('net.onnx', writeOnnx(unknown)).multiplies).toBeNull();
});

it('runs nothing of a model that asks for more numbers than there is memory for', () => {
  const graph: OnnxGraph = {
    nodes: [
      node('ConstantOfShape', ['many'], 'zeros'),
      node('ReduceSum', ['zeros'], 'sum'),
      node('Add', ['x', 'sum'], 'y'),
    ],
    initializers: [integers('many', [3_000_000_000])],
    inputs: [value('x', [1, 4])],
    outputs: [value('y', [1, 4])],
  };
  const before = process.memoryUsage().rss;
  expect(describeModel('hungry.onnx', writeOnnx(graph))).toMatchObject({ multiplies: 0, parameters: 1 });
  expect(process.memoryUsage().rss - before).toBeLessThan(200 << 20);
});

it('tells a file that is no model, that says the same very often, or whose sizes cannot be', async () => {
  expect(() => describeModel('x.onnx', Buffer.from('no model at all'))).toThrow(/"x.onnx" is not an ONNX model/);
  expect(() => describeModel('x.onnx', new Uint8Array(0))).toThrow(/it holds no graph/);
  const body = new MessageWriter();
  const model = new MessageWriter().message(7, body);
  for (let i = 0; i < 300_000; i++) model.message(8, new MessageWriter().integer(2, 17));
  const many = model.finish();
  await expectProcessorTime(20, () => expect(describeModel('many.onnx', many).opset).toBe(17));
  const vast = { ...integers('vast', [1]), shape: [2 ** 40, 2 ** 40] };
  const large = new MessageWriter().message(7, new MessageWriter().message(5, initializerMessage(vast)));
  expect(() => describeModel('vast.onnx', large.finish())).toThrow(/sizes that no file holds/);
});
