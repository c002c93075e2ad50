import { type GateRule, whenKnown } from '../rule.js';

export const referenceOverlap: GateRule = {
  id: 'reference-overlap',
  describe: 'images and people left that the reference set has too',
  bounds: ['max'],
  unit: 'count',
  measure: ({ shared }) =>
    whenKnown(shared, ({ images, people }) => ({
      actual: images.length + people.length,
      offenders: [
        ...people.map(({ identity, reference, cosine }) => ({
          kind: 'identity' as const,
          name: identity,
          detail: `the same person as ${reference} of the reference set, cosine ${cosine.toFixed(2)}`,
        })),
        ...images.map(({ path, reference, same }) => ({
          kind: 'image' as const,
          name: path,
          detail: `the same ${same} as ${reference} of the reference set`,
        })),
      ],
    })),
};
