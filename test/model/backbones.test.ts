import { describe, expect, it } from 'vitest';
import { backboneNamed, backbones } from '../../src/model/backbones.js';
import { sizeOf } from '../../src/engine/program.js';

/** Weights (batch norm's running statistics are none) and multiply-adds an image. */
function countsOf(name: string, size: number, embeddingSize: number) {
  const { parameters, multiplies } = backboneNamed(name).build({ size, embeddingSize });
  const trainable = Object.values(parameters).filter((spec) => spec.trainable);
  return { weights: trainable.reduce((sum, { shape }) => sum + sizeOf(shape), 0), multiplies };
}

describe('published networks have the published size', () => {
  it.each([
    ['mobilefacenet', 128, 0.99e6, 221e6], // Chen et al. 2018, table 2
    ['ir-18', 512, 24.03e6, 2.62e9], // insightface's model zoo, R18
    ['ir-34', 512, 34.14e6, 4.48e9], // R34
    ['ir-50', 512, 43.59e6, 6.33e9], // R50
  ])('%s', (name, embeddingSize, weights, multiplies) => {
    const counts = countsOf(name, 112, embeddingSize);
    expect(counts.weights / weights).toBeGreaterThan(0.99);
    expect(counts.weights / weights).toBeLessThan(1.02);
    expect(counts.multiplies / multiplies).toBeGreaterThan(0.98);
    expect(counts.multiplies / multiplies).toBeLessThan(1.02);
  });

  it('sphereface-20 has 11.65 million weights in its convolutions', () => {
    const { parameters } = backboneNamed('sphereface-20').build({ size: 112, embeddingSize: 512 });
    const filters = Object.values(parameters).filter(({ shape }) => shape.length === 4);
    expect(filters.length).toBe(20);
    expect(filters.reduce((sum, { shape }) => sum + sizeOf(shape), 0) / 11.65e6).toBeCloseTo(1, 2);
  });
});

it.each(backbones)('$name ends in an embedding at every crop size', (backbone) => {
  for (const size of [16, 64, 112])
    expect(backbone.build({ size, embeddingSize: 24 }).output).toEqual({ side: 1, channels: 24 });
});
