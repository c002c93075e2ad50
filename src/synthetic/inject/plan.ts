import { ConfigError, EmptyInputError } from '../../core/errors.js';
import { type Random, randomOf } from '../../core/random.js';
import type { NoiseKind } from '../../core/records.js';

export interface InjectRates {
  /** Shares of all images, [0, 1]. */
  open: number;
  closed: number;
  nonface: number;
}

export interface SetImage {
  /** NAME/file, with `/`. */
  path: string;
  identity: string;
}

/** What lies at `path` in the set with noise: the bytes of `content`, a file below the source or among the outsiders. */
export interface Placement {
  path: string;
  noise: NoiseKind;
  trueIdentity: string;
  content: string;
  fromOutsiders: boolean;
}

/**
 * Decides which images get noise and of which kind; every image gets at most one kind of noise.
 * - open: an outsider's image takes the place, each outsider's image once;
 * - closed: images swap places with images of other identities;
 * - nonface: a piece of background takes the place.
 * @throws ConfigError, EmptyInputError
 */
export function planNoise(
  images: readonly SetImage[],
  outsiders: readonly string[],
  rates: InjectRates,
  seed: number,
): Placement[] {
  const counts = countsOf(rates, images.length);
  if (counts.open > outsiders.length)
    throw new EmptyInputError(`${counts.open} outsiders are needed, and there are ${outsiders.length}.`, [
      'Lower --open, or name a larger folder with --outsiders.',
    ]);
  const random = randomOf(seed, 'inject');
  const order = random.shuffle(images.map((_, i) => i));
  const open = order.slice(0, counts.open);
  const closed = order.slice(counts.open, counts.open + counts.closed);
  const nonface = order.slice(counts.open + counts.closed, counts.open + counts.closed + counts.nonface);

  const placements = images.map(({ path, identity }): Placement => ({
    path,
    noise: 'none',
    trueIdentity: identity,
    content: path,
    fromOutsiders: false,
  }));
  const strangers = random.shuffle([...outsiders]);
  open.forEach((i, n) => {
    placements[i] = { ...placements[i], noise: 'open', trueIdentity: '', content: strangers[n], fromOutsiders: true };
  });
  const pool = [...closed, ...order.slice(counts.open + counts.closed + counts.nonface)];
  for (const [to, from] of swaps(closed, pool, images, random))
    placements[to] = {
      ...placements[to],
      noise: 'closed',
      trueIdentity: images[from].identity,
      content: images[from].path,
    };
  for (const i of nonface) placements[i] = { ...placements[i], noise: 'nonface', trueIdentity: '' };
  return placements;
}

function countsOf({ open, closed, nonface }: InjectRates, images: number): InjectRates {
  for (const [name, rate] of Object.entries({ open, closed, nonface }))
    if (!(rate >= 0 && rate <= 1)) throw new ConfigError(`--${name} is a share between 0 and 1, not ${rate}.`);
  if (open + closed + nonface > 1) throw new ConfigError('--open, --closed and --nonface together are more than 1.');
  const count = (rate: number): number => Math.round(rate * images);
  return { open: count(open), closed: count(closed), nonface: count(nonface) };
}

/**
 * Whose content each chosen image gets: they change places at random, and who would meet an image of the own identity
 * trades with somebody else until nobody does. So what one identity loses is scattered over many others, as wrong labels
 * are. Where one identity has more than half of them, images trade places two by two instead, with others of `pool`.
 * @throws EmptyInputError when everybody is one identity
 */
function swaps(
  chosen: readonly number[],
  pool: readonly number[],
  images: readonly SetImage[],
  random: Random,
): [to: number, from: number][] {
  const counts = new Map<string, number>();
  for (const i of chosen) counts.set(images[i].identity, (counts.get(images[i].identity) ?? 0) + 1);
  if (2 * Math.max(0, ...counts.values()) > chosen.length) return trades(chosen.length, pool, images);
  const from = random.shuffle([...chosen]);
  const meets = (to: number, at: number): boolean => images[chosen[to]].identity === images[from[at]].identity;
  for (let to = 0; to < chosen.length; to++)
    for (let start = random.integer(chosen.length), tried = 0; meets(to, to) && tried < chosen.length; tried++) {
      const other = (start + tried) % chosen.length;
      if (!meets(to, other) && !meets(other, to)) [from[to], from[other]] = [from[other], from[to]];
    }
  return chosen.map((to, n) => [to, from[n]]);
}

/** Pairs of different identities that trade places, about `count` images: at least two, an even number. */
function trades(count: number, pool: readonly number[], images: readonly SetImage[]): [to: number, from: number][] {
  const left = [...pool];
  const traded: [number, number][] = [];
  while (traded.length < count) {
    const one = left.shift();
    const at = one === undefined ? -1 : left.findIndex((i) => images[i].identity !== images[one].identity);
    if (at < 0)
      throw new EmptyInputError(
        'The labels to swap belong mostly to one identity: there is no other identity to swap them with.',
        ['Lower --closed, or start from a set with more identities.'],
      );
    const [other] = left.splice(at, 1);
    traded.push([one!, other], [other, one!]);
  }
  return traded;
}
