import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { OnnxModel } from '../../src/engine/embedder.js';
import { computedForm } from '../../src/engine/onnx/computed-form.js';
import { openOnnxModel, quickerOf } from '../../src/engine/onnx-model.js';
import { ForeignNet, mobileNet, noise, runForeign } from '../helpers/foreign-net.js';
import { longLivedFolder } from '../helpers/tiny-crawl.js';

describe('of two forms of a model', () => {
  /** A model whose images take `milliseconds` together. */
  const model = (milliseconds: number) => ({
    ...{
      inputShape: [3, 2, 2],
      channels: 3,
      channelsFirst: true,
      side: 2,
      takesBytes: false,
      outputLength: 8,
      batch: 16,
    },
    closed: false,
    run: async (): Promise<Float32Array> => {
      await pause(milliseconds);
      return new Float32Array(8);
    },
    dispose(): Promise<void> {
      this.closed = true;
      return Promise.resolve();
    },
  });

  it.each([
    ['the quicker is kept', 60, 5, 1],
    ['the first is kept when it is the quicker', 5, 60, 0],
    ['the first is kept when both take as long', 50, 50, 0],
  ])('%s, and the other is closed', async (_, first, second, kept) => {
    const models = [model(first), model(second)] as const;
    expect(await quickerOf(...(models as readonly [OnnxModel, OnnxModel]))).toBe(models[kept]);
    expect(models.map(({ closed }) => closed)).toEqual([kept === 1, kept === 0]);
  });
});

describe('a model with channels that make no difference', () => {
  const { net, output } = mobileNet();
  for (let channel = 0; channel < 8; channel++) net.set('narrow.w', channel, 0, 1);
  const bytes = net.bytes({ [output]: [12] }, 1);
  const file = join(longLivedFolder(), 'model.onnx');

  it('is run without them, with the same result', async () => {
    writeFileSync(file, bytes);
    const model = await openOnnxModel(file, { threads: 1, device: 'cpu' });
    expect(model.batch).toBe(16);
    const images = noise(2, 8);
    const together = await model.run(images);
    await model.dispose();
    for (const i of [0, 1]) {
      const alone = await runForeign(bytes, images.slice(192 * i, 192 * (i + 1)), 8);
      alone.forEach((value, at) => expect(together[12 * i + at]).toBeCloseTo(value, 5));
    }
  });

  it('has the form, and so the name, of the model that lost them before', () => {
    const { slim, split } = computedForm(file, bytes);
    expect(slim.length).toBeLessThan(bytes.length);
    expect(computedForm(file, slim)).toEqual({ slim, split });
  });

  it('a model without such channels and without PRelu is its own form, as is what is no model', () => {
    const plain = new ForeignNet(8);
    const rows = plain.node('Flatten', [plain.conv('image', 'c', [4, 3, 3])]);
    for (const own of [plain.bytes({ [rows]: [144] }), Uint8Array.of(1, 2, 3)])
      expect(computedForm(file, own)).toEqual({ slim: own, split: own });
  });
});
