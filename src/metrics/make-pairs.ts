import { groupBy } from '../core/groups.js';
import { randomOf } from '../core/random.js';

export interface PairCandidate {
  /** Row of the image's embedding. */
  index: number;
  identity: string;
  /** True when retraining did not see the image. */
  heldOut: boolean;
}

export interface Pair {
  first: number;
  second: number;
  same: boolean;
}

/**
 * Genuine pairs, each with a held-out image, and as many impostor pairs, alternating so that every fold has both.
 * At most `most` of each; the same seed gives the same pairs.
 */
export function makePairs(images: readonly PairCandidate[], most: number, seed: number): Pair[] {
  const random = randomOf(seed, 'pairs');
  const genuine = random.shuffle(genuinePairs(images)).slice(0, most);
  const heldOut = images.filter((image) => image.heldOut);
  const identities = new Set(images.map(({ identity }) => identity));
  if (identities.size < 2) return genuine;
  return genuine.flatMap((pair) => {
    const first = random.pick(heldOut);
    let second = random.pick(images);
    while (second.identity === first.identity) second = random.pick(images);
    return [pair, { first: first.index, second: second.index, same: false }];
  });
}

/** Every pair of images of one identity of which the first is held out; two held-out ones count once. */
function genuinePairs(images: readonly PairCandidate[]): Pair[] {
  const byIdentity = groupBy(images, ({ identity }) => identity);
  return images
    .filter(({ heldOut }) => heldOut)
    .flatMap((first) =>
      byIdentity
        .get(first.identity)!
        .filter((second) => second.index !== first.index && (!second.heldOut || first.index < second.index))
        .map((second) => ({ first: first.index, second: second.index, same: true })),
    );
}
