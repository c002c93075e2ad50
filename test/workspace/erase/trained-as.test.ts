import { expect, it } from 'vitest';
import { TRAINED_AS } from '../../../src/subcenter/training-margins.js';
import { withoutForgotten } from '../../../src/workspace/erase/checkpoint-actions.js';

it('renumbers the classes that images were trained as, and takes out those of the forgotten', () => {
  const content = {
    identities: ['A', 'B', 'C'],
    tensors: { [TRAINED_AS]: { shape: [6], data: Float32Array.from([0, 0, 2, 1, 2, 1]) } },
  };
  const { identities, tensors } = withoutForgotten(content, new Set(['B']), new Set([3]), 'shrink');
  expect(identities).toEqual(['A', 'C']);
  expect(tensors[TRAINED_AS]).toEqual({ shape: [5], data: Float32Array.from([0, 0, 1, 1, -1]) }); // the last was planted under B
});
