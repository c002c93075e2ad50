import { randomOf } from '../core/random.js';

/** Images of an identity below which none is planted elsewhere: the rest would show nobody. */
const LEAST_IMAGES = 5;
/** Fewer planted images do not show how noise scores: then none is planted. */
const FEWEST = 20;

/**
 * Returns labels of which about `share` are wrong on purpose: images drawn at random, each under the name of another
 * image that is drawn at random. What a network that was trained on them makes of these images shows how wrong labels
 * score after it learnt what it learnt, which nothing else in a set without truth shows.
 *
 * Of a set too small for {@link FEWEST} of them none is planted.
 *
 * @param labels (N) @param share [0, 1) @returns (N), in new memory
 */
export function plantWrongLabels(labels: Int32Array, share: number, seed: number): Int32Array {
  const sizes = new Map<number, number>();
  for (const label of labels) sizes.set(label, (sizes.get(label) ?? 0) + 1);
  const planted = labels.slice();
  if (sizes.size < 2) return planted;
  const random = randomOf(seed, 'planted');
  const order = random.shuffle(Int32Array.from(labels, (_, i) => i));
  const eligible = order.filter((image) => sizes.get(labels[image])! >= LEAST_IMAGES);
  const count = Math.round(share * eligible.length);
  if (count < FEWEST) return planted;
  for (const image of eligible.subarray(0, count)) {
    let other = labels[image];
    while (other === labels[image]) other = labels[random.integer(labels.length)];
    planted[image] = other;
  }
  return planted;
}
