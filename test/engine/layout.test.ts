import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { relayout, storedAxes, storedShape } from '../../src/engine/trace/layout.js';

describe('a tensor moved to another layout', () => {
  it('has element (n, h, w, c) where NCHW has (n, c, h, w)', () => {
    const moved = relayout(Float32Array.of(0, 1, 2, 3, 4, 5), [1, 1, 3, 2], 'logical', 'nchw');
    expect([...moved]).toEqual([0, 2, 4, 1, 3, 5]);
    expect(storedShape([1, 1, 3, 2], 'nchw')).toEqual([1, 2, 1, 3]);
  });

  it('comes back as it was', () => {
    const side = fc.integer({ min: 1, max: 4 });
    fc.assert(
      fc.property(
        fc.tuple(side, side, side, side),
        fc.constantFrom('nchw' as const, 'oihw' as const),
        (shape, layout) => {
          const values = Float32Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => i);
          expect(relayout(relayout(values, shape, 'logical', layout), shape, layout, 'logical')).toEqual(values);
        },
      ),
    );
  });

  it('is summed over the axes that its logical axes became', () => {
    expect(storedAxes([0, 1, 2], 'nchw')).toEqual([0, 2, 3]);
  });
});
