import { ConfigError, EmptyInputError } from '../../core/errors.js';
import { randomOf } from '../../core/random.js';
import type { Placement, SetImage } from './plan.js';

/** One identity in so many gets a second person. */
const HOSTS = 6;

/** A plan for the folders that hold a second person, and what is left of the set. */
export interface RepeatedNoise {
  placements: Placement[];
  /** Images that neither left the set with their person nor were replaced. */
  rest: SetImage[];
}

/**
 * Noise that repeats, as merged folders and namesakes make it: in one identity of six, `share` of the images are replaced
 * by images of one other person each, who leaves the set for it. A person with fewer images than that gives all.
 * @throws ConfigError, EmptyInputError
 */
export function planRepeated(images: readonly SetImage[], share: number, seed: number): RepeatedNoise {
  if (!(share >= 0 && share < 1)) throw new ConfigError(`--repeated is a share from 0 to below 1, not ${share}.`);
  if (share === 0) return { placements: [], rest: [...images] };
  const random = randomOf(seed, 'repeated');
  const names = random.shuffle([...new Set(images.map(({ identity }) => identity))]);
  if (names.length < 3)
    throw new EmptyInputError(`--repeated needs three identities or more, and there are ${names.length}.`, [
      'Start from a set with more identities.',
    ]);
  const count = Math.max(1, Math.floor(names.length / HOSTS));
  const [strangers, hosts] = [names.slice(0, count), names.slice(count, 2 * count)];
  const of = (identity: string): SetImage[] => images.filter((image) => image.identity === identity);
  const placements = hosts.flatMap((host, i) => {
    const own = of(host);
    const replaced = random.shuffle([...own]).slice(0, Math.round(share * own.length));
    const contents = random.shuffle(of(strangers[i]));
    return replaced.slice(0, contents.length).map(({ path }, n): Placement => {
      return { path, noise: 'open', trueIdentity: '', content: contents[n].path, fromOutsiders: false };
    });
  });
  const gone = new Set(strangers);
  const done = new Set(placements.map(({ path }) => path));
  return { placements, rest: images.filter(({ path, identity }) => !gone.has(identity) && !done.has(path)) };
}
