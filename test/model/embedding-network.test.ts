import { describe, expect, it } from 'vitest';
import { randomOf } from '../../src/core/random.js';
import { backboneNamed } from '../../src/model/backbones.js';
import { embeddingProgram } from '../../src/model/embedding-network.js';
import { cropNetwork, type Network, projectionNetwork } from '../../src/model/network.js';
import { initialise } from '../../src/model/parameters.js';
import { referee } from '../helpers/engines.js';

async function embedded(network: Network, input: Uint8Array | Float32Array, rows: number, state = fresh(network)) {
  const executable = await referee.load(embeddingProgram(network, rows), state);
  const { embedding, norm } = await executable.run({ [network.input.name]: input });
  await executable.dispose();
  return { embedding: [...embedding], norm: [...norm] };
}
const fresh = (network: Network) => initialise(network.layers.parameters, 1);
function expectNumbers(actual: number[], expected: number[]): void {
  expect(actual).toHaveLength(expected.length);
  expected.forEach((value, i) => expect(actual[i]).toBeCloseTo(value, 4));
}

describe('the embedding of a crop', () => {
  const SIZE = 16;
  const random = randomOf('a crop');
  const crop = Uint8Array.from({ length: SIZE * SIZE * 3 }, () => random.integer(256));
  const turned = (placeOf: (x: number, y: number) => [number, number]): Uint8Array =>
    crop.map((_, at) => {
      const pixel = Math.floor(at / 3);
      const [x, y] = placeOf(pixel % SIZE, Math.floor(pixel / SIZE));
      return crop[3 * (y * SIZE + x) + (at % 3)];
    });

  it('is that of its mirror image, but not of the crop upside down', async () => {
    const network = cropNetwork(backboneNamed('plain-4'), { size: SIZE, embeddingSize: 8 });
    const upright = await embedded(network, crop, 1);
    const mirrored = await embedded(
      network,
      turned((x, y) => [SIZE - 1 - x, y]),
      1,
    );
    const upsideDown = await embedded(
      network,
      turned((x, y) => [x, SIZE - 1 - y]),
      1,
    );
    expectNumbers(mirrored.embedding, upright.embedding);
    expectNumbers(mirrored.norm, upright.norm);
    const apart = Math.hypot(...upsideDown.embedding.map((value, d) => value - upright.embedding[d]));
    expect(apart).toBeGreaterThan(0.01);
  });
});

describe('a projection of features', () => {
  it('starts as the identity: the direction of the features, and twice their length', async () => {
    const { embedding, norm } = await embedded(projectionNetwork(2), Float32Array.of(3, 4, 0, -2), 2);
    expectNumbers(embedding, [0.6, 0.8, 0, -1]);
    expectNumbers(norm, [2 * 5, 2 * 2]); // image and mirror image are summed
  });

  it('is embedded after its neck, which learns no shift', async () => {
    const network = projectionNetwork(2, { neck: true });
    const state = { ...fresh(network), 'neck.mean': Float32Array.of(3, 1), 'neck.variance': Float32Array.of(1, 9) };
    const { embedding } = await embedded(network, Float32Array.of(3, 4), 1, state); // (3 - 3) / 1, (4 - 1) / 3
    expectNumbers(embedding, [0, 1]);
    expect(network.layers.parameters['neck.shift'].trainable).toBe(false);
    expect(network.layers.parameters['neck.scale'].trainable).toBe(true);
  });
});
