import { groupBy } from '../core/groups.js';
import { UnionFind } from '../core/union-find.js';
import type { TestPerson } from './identity-overlap.js';
import type { PairSet } from './pair-set.js';

/** People of a list of pairs: images of one name, one template, or joined by a genuine pair are one person. */
export function testPeople({ images, templates, pairs }: PairSet): TestPerson[] {
  const joined = new UnionFind(images.length);
  const firstOf = new Map<string, number>();
  images.forEach(({ person }, row) => {
    if (person === null) return;
    const first = firstOf.get(person);
    if (first === undefined) firstOf.set(person, row);
    else joined.join(first, row);
  });
  for (const { members } of templates ?? []) for (const { image } of members) joined.join(members[0].image, image);
  const imageOf = (item: number): number => (templates ? templates[item].members[0].image : item);
  for (const { first, second, same } of pairs) if (same) joined.join(imageOf(first), imageOf(second));

  const rowsOf = groupBy(
    joined.numbers(),
    (first) => first,
    (_, row) => row,
  );
  return [...rowsOf].map(([first, rows]) => ({ person: images[first].person ?? images[first].name, rows }));
}
