import type { TestPerson } from './identity-overlap.js';
import type { PairSet } from './pair-set.js';

/** People of a list of pairs: images of one name, one template, or joined by a genuine pair are one person. */
export function testPeople({ images, templates, pairs }: PairSet): TestPerson[] {
  const parent = images.map((_, row) => row);
  const rootOf = (row: number): number => {
    while (parent[row] !== row) row = parent[row] = parent[parent[row]];
    return row;
  };
  const join = (a: number, b: number): void => {
    parent[rootOf(a)] = rootOf(b);
  };
  const firstOf = new Map<string, number>();
  images.forEach(({ person }, row) => {
    if (person === null) return;
    const first = firstOf.get(person);
    if (first === undefined) firstOf.set(person, row);
    else join(first, row);
  });
  for (const { members } of templates ?? []) for (const { image } of members) join(members[0].image, image);
  const imageOf = (item: number): number => (templates ? templates[item].members[0].image : item);
  for (const { first, second, same } of pairs) if (same) join(imageOf(first), imageOf(second));

  const people = new Map<number, TestPerson>();
  images.forEach(({ person, name }, row) => {
    const root = rootOf(row);
    const known = people.get(root);
    if (known) known.rows.push(row);
    else people.set(root, { person: person ?? name, rows: [row] });
  });
  return [...people.values()];
}
