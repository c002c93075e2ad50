import { describe, expect, it } from 'vitest';
import { randomOf } from '../../src/core/random.js';
import { unitRows } from '../../src/core/vectors.js';
import { averageLinkage } from '../../src/identities/average-linkage.js';
import { classPrototypes } from '../../src/identities/class-prototypes.js';
import { findStrangers } from '../../src/identities/find-strangers.js';
import { fitSimilarityModel } from '../../src/identities/similarity-model.js';

const [PEOPLE, EACH, DIMENSIONS, DROPS] = [8, 20, 32, 60];

/** Rows of people with names, then rows of strangers. */
function embeddings() {
  const data = new Float32Array((PEOPLE * EACH + DROPS) * DIMENSIONS);
  for (let row = 0; row < PEOPLE * EACH + DROPS; row++) {
    const person = randomOf('person', Math.floor(row / EACH));
    const off = randomOf('image', row);
    for (let d = 0; d < DIMENSIONS; d++) data[row * DIMENSIONS + d] = person.normal() + 0.3 * off.normal();
  }
  return unitRows({ data, rows: data.length / DIMENSIONS, dimensions: DIMENSIONS });
}

describe('strangers among more images than are compared', () => {
  it('are looked for in an even sample, and how large it was is told', () => {
    const all = embeddings();
    const rowsOf = (label: number): number[] => Array.from({ length: EACH }, (_, i) => label * EACH + i);
    const clusters = Array.from({ length: PEOPLE }, (_, label) => [averageLinkage(all, rowsOf(label))]);
    const prototypes = classPrototypes(all, clusters);
    const drops = Array.from({ length: DROPS }, (_, i) => PEOPLE * EACH + i);
    const find = (linked?: number) => findStrangers(all, drops, prototypes, fitSimilarityModel(prototypes), 3, linked);
    expect(find().looked).toBe(DROPS);
    const sampled = find(12);
    expect(sampled.looked).toBe(12);
    expect(sampled.unknown.flatMap(({ images }) => images).length).toBeLessThanOrEqual(12);
  });
});
