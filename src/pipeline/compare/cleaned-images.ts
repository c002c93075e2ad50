import { UnionFind } from '../../core/union-find.js';
import type { CleanedImage } from '../../metrics/held-out-people.js';
import type { PurifiedList } from '../../workspace/purified-list.js';

/** Every image of the crawl with what cleaning made of it. Copies, by their bytes or by what sift saw, are one photograph. */
export function cleanedImages({ images, dataset }: PurifiedList): CleanedImage[] {
  const copies = new UnionFind(images.length);
  const rowOf = new Map(images.map(({ path }, row) => [path, row]));
  const firstWith = new Map<string, number>();
  images.forEach(({ image, evidence }, row) => {
    const first = firstWith.get(image.sha256);
    if (first === undefined) firstWith.set(image.sha256, row);
    else copies.join(first, row);
    for (const { path } of evidence.sameAs ?? []) {
      const other = rowOf.get(path);
      if (other !== undefined) copies.join(row, other);
    }
  });
  const foundSlots = new Map(dataset.images.map(({ path, slot }) => [path, slot]));
  const photographs = copies.numbers();
  return images.map(({ image, name, finalIdentity }, row) => ({
    ...{ slot: image.slot, foundSlot: foundSlots.get(image.path)! },
    ...{ found: image.identity, name, final: finalIdentity },
    photograph: photographs[row],
  }));
}
