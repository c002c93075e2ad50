import { unitMeans } from './unit-means.js';
import { dotRows, type Matrix } from './vectors.js';

/** Images that are asked: enough to show a distribution. */
const ASKED = 1000;

/** How near images come to the centre of their own person's others, and to the nearest other person's. */
export interface CentreCosines {
  own: number[];
  rivals: number[];
}

/**
 * Cosines of up to a thousand images, evenly chosen, of people with two images and more.
 * @param vectors (N, D) unit rows @param people rows of each @param centres (P, D) unit means of those
 */
export function centreCosines(vectors: Matrix, people: readonly (readonly number[])[], centres: Matrix): CentreCosines {
  const images = people.flatMap((rows, person) => (rows.length < 2 ? [] : rows.map((row) => ({ row, person }))));
  const asked = images.filter((_, i) => i % Math.ceil(images.length / ASKED) === 0);
  const own = asked.map(({ row, person }) => {
    const others = unitMeans(vectors, [people[person].filter((other) => other !== row)]);
    return dotRows(vectors, row, others, 0);
  });
  const rivals = asked.map(({ row, person }) => {
    let best = -Infinity;
    for (let other = 0; other < centres.rows; other++)
      if (other !== person) best = Math.max(best, dotRows(vectors, row, centres, other));
    return best;
  });
  return { own, rivals };
}
