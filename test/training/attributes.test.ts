import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Dataset } from '../../src/core/face-set.js';
import { attributesOf } from '../../src/formats/attributes.js';
import { openLoss } from '../../src/losses/loss-settings.js';
import { lossNamed } from '../../src/losses/losses.js';
import { attributeRows } from '../../src/training/attributes.js';
import { temporaryFolder } from '../helpers/tiny-crawl.js';

const dataset = {
  images: ['A/1.jpg', 'A/2.jpg', 'B/1.jpg', 'B/2.jpg'].map((path, i) => ({ path, slot: 10 + i })),
} as Dataset;
const slots = Int32Array.of(13, 10, 11, 12);

const read = (text: string) => {
  const file = join(temporaryFolder(), 'attributes.csv');
  writeFileSync(file, text);
  return attributesOf(file, dataset, slots);
};

describe('attributes', () => {
  it('are 1, 0 or -1 by place in the training set; what the file does not name is not known', () => {
    const attributes = read('path,glasses,beard\nA/1.jpg,1,\nB/2.jpg,0,yes\nB/1.jpg,-1,0\nelsewhere.jpg,1,1\n');
    expect(attributes.names).toEqual(['glasses', 'beard']);
    expect([...attributes.values]).toEqual([0, 1, 1, -1, -1, -1, 0, 0]);
    expect(attributes.shares).toEqual([(1 + 1) / (3 + 2), (1 + 1) / (2 + 2)]);
    expect([...attributeRows(attributes, Int32Array.of(1, 3))]).toEqual([1, -1, 0, 0]);
  });

  it('are wanted only by a loss that names a file', () => {
    const fileOf = (loss: string, settings: Record<string, unknown> = {}) =>
      openLoss(lossNamed(loss), settings).attributesFile;
    expect(fileOf('joint', { attributes: 'a.csv' })).toBe('a.csv');
    expect(fileOf('joint')).toBeUndefined();
    expect(fileOf('arcface')).toBeUndefined();
  });

  it.each([
    ['path,glasses\nA/1.jpg,maybe\n', /:2: "maybe" is neither 1 nor 0/],
    ['file,glasses\nA/1.jpg,1\n', /a column "path" and at least one attribute were expected; there are file, glasses/],
    ['path\nA/1.jpg\n', /at least one attribute/],
    ['path,glasses\n/abs/A/1.jpg,1\n', /tells nothing of the 4 images/],
    ['', /empty/],
  ])('say what is wrong with %j', (text, message) => {
    expect(() => read(text)).toThrow(message);
  });
});
