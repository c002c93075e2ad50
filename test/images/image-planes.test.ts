import { InferenceSession, Tensor } from 'onnxruntime-node';
import { expect, it } from 'vitest';
import { writeOnnx } from '../../src/engine/onnx/onnx-writer.js';
import { planeMaker } from '../../src/images/image-planes.js';

const form = { rows: 24, columns: 32, mean: 127, scale: 128 };

/** ONNX Runtime's Resize of bytes. */
async function referee(data: Uint8Array, height: number, width: number): Promise<ArrayLike<number>> {
  const sizes = BigInt64Array.from([1, form.rows, form.columns, 3], BigInt);
  const session = await InferenceSession.create(
    writeOnnx({
      inputs: [{ name: 'pixels', shape: [1, 'height', 'width', 3], type: 'uint8' }],
      outputs: [{ name: 'scaled', shape: [1, form.rows, form.columns, 3], type: 'uint8' }],
      initializers: [{ name: 'sizes', shape: [4], type: 'int64', bytes: new Uint8Array(sizes.buffer) }],
      nodes: [
        { op: 'Resize', inputs: ['pixels', '', '', 'sizes'], outputs: ['scaled'], attributes: { mode: 'linear' } },
      ],
    }),
  );
  const { scaled } = await session.run({ pixels: new Tensor('uint8', data, [1, height, width, 3]) });
  return scaled.data as Uint8Array;
}

it.each([
  [250, 250],
  [32, 24],
  [10, 3],
  [64, 48],
  [1, 1],
  [111, 33],
  [63, 177],
])('%i x %i pixels become the same planes as by ONNX Runtime', async (width, height) => {
  const data = Uint8Array.from({ length: width * height * 3 }, (_, i) => (i * 7919 + ((i * i) % 251)) % 256);
  const expected = await referee(data, height, width);
  const planes = planeMaker(form)({ data, width, height });
  const plane = form.rows * form.columns;
  const back = Array.from(expected, (_, i) => planes[(i % 3) * plane + Math.floor(i / 3)] * form.scale + form.mean);
  expect(back).toEqual(Array.from(expected));
});
