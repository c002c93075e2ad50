import { groupBy } from '../core/groups.js';
import { randomOf } from '../core/random.js';

/** How the images of an epoch are drawn. */
export interface DrawPlan {
  /** Class of each image, (N). */
  labels: Int32Array;
  batchSize: number;
  seed: number;
  /** Images of an identity that come together; 0 = each image for itself. */
  imagesPerIdentity: number;
  /** Steps of an epoch, where they are given: images are then drawn again from the epoch's start. */
  steps?: number;
}

/** Steps until every image was drawn, unless they are given; the last batch is filled up from the epoch's start. */
export const stepsPerEpoch = (plan: DrawPlan): number =>
  plan.steps ?? Math.ceil(epochOrder(plan, 0).length / plan.batchSize);

/**
 * The images' order in an epoch, as positions. Together (P x K, Hermans et al. 2017, sec. 2): each identity's images in
 * chunks of K, its last one filled up from its first; its chunks lie evenly over the epoch, so that a batch holds
 * about batchSize / K people.
 */
export function epochOrder({ labels, seed, imagesPerIdentity }: DrawPlan, epoch: number): Int32Array {
  const random = randomOf(seed, 'order', epoch);
  const shuffled = random.shuffle(Int32Array.from(labels, (_, i) => i));
  if (imagesPerIdentity === 0) return shuffled;
  const byIdentity = groupBy(shuffled, (position) => labels[position]);
  const chunks = [...byIdentity.values()].flatMap((members) => {
    const count = Math.ceil(members.length / imagesPerIdentity);
    const offset = random.uniform();
    return Array.from({ length: count }, (_, chunk) => ({
      place: (chunk + offset) / count,
      positions: Array.from(
        { length: imagesPerIdentity },
        (_, i) => members[(chunk * imagesPerIdentity + i) % members.length],
      ),
    }));
  });
  return Int32Array.from(chunks.sort((a, b) => a.place - b.place).flatMap(({ positions }) => positions));
}
