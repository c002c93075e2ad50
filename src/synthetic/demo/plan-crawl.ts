import { type Random, randomOf } from '../../core/random.js';
import type { NoiseKind } from '../../core/records.js';
import { inventNames } from './names.js';

export interface CrawlSize {
  identities: number;
  imagesPerIdentity: number;
}

/** One picture to draw. */
export interface PlannedImage {
  path: string;
  folder: string;
  /** Who is on it, a number that stands for a person; null = nobody. */
  person: number | null;
  hard: boolean;
  noise: NoiseKind;
  trueIdentity: string;
}

/** A picture that lies there a second time. */
export interface PlannedCopy {
  path: string;
  of: PlannedImage;
  /** Saved again at another quality, or byte for byte. */
  savedAnew: boolean;
}

export interface CrawlPlan {
  images: PlannedImage[];
  copies: PlannedCopy[];
  /** Files that are no images, by path. */
  broken: { path: string; kind: 'empty' | 'text' | 'truncated' }[];
}

const SHARES = { open: 0.06, closed: 0.06, nonface: 0.03, hard: 0.05, copies: 0.02 };
/** Strangers are numbered from here on: nobody's folder. */
const FIRST_STRANGER = 1000;

/**
 * Who lies in which folder. Two folders are special: one holds some of a second person (open-set noise that is a
 * group of its own), and one person has two folders. A few identities are small.
 */
export function planCrawl({ identities, imagesPerIdentity }: CrawlSize, seed: number): CrawlPlan {
  const random = randomOf(seed, 'crawl');
  const names = inventNames(identities, seed);
  const people = names.map((_, i) => (i === identities - 1 ? 0 : i)); // the last name is the first person's second
  const images = names.flatMap((folder, i) => {
    const count = i % 6 === 5 ? Math.ceil(imagesPerIdentity / 3) : imagesPerIdentity;
    return Array.from({ length: count }, (_, n) => cleanImage(folder, n, people[i]));
  });
  addSecondPerson(images, names[1]);
  injectNoise(images, names, people, random);
  const copies = planCopies(images, random);
  const broken = (['empty', 'text', 'truncated'] as const).map((kind, i) => ({
    path: `${names[i % names.length]}/broken-${kind}.jpg`,
    kind,
  }));
  return { images, copies, broken };
}

const cleanImage = (folder: string, n: number, person: number): PlannedImage => ({
  path: `${folder}/${String(n).padStart(3, '0')}.jpg`,
  folder,
  person,
  hard: false,
  noise: 'none',
  trueIdentity: folder,
});

/** The last third of `folder` is somebody else, always the same. */
function addSecondPerson(images: PlannedImage[], folder: string): void {
  const own = images.filter((image) => image.folder === folder);
  for (const image of own.slice(Math.ceil((2 * own.length) / 3)))
    Object.assign(image, { person: FIRST_STRANGER, noise: 'open', trueIdentity: '' });
}

function injectNoise(
  images: PlannedImage[],
  names: readonly string[],
  people: readonly number[],
  random: Random,
): void {
  const clean = random.shuffle(images.filter(({ noise }) => noise === 'none'));
  const take = (share: number): PlannedImage[] => clean.splice(0, Math.round(share * images.length));
  take(SHARES.open).forEach((image, i) =>
    Object.assign(image, { person: FIRST_STRANGER + 1 + i, noise: 'open', trueIdentity: '' }),
  );
  for (const image of take(SHARES.nonface)) Object.assign(image, { person: null, noise: 'nonface', trueIdentity: '' });
  for (const image of take(SHARES.closed)) {
    const others = names.filter((_, i) => people[i] !== people[names.indexOf(image.folder)]);
    const trueIdentity = random.pick(others);
    Object.assign(image, { person: people[names.indexOf(trueIdentity)], noise: 'closed', trueIdentity });
  }
  for (const image of take(SHARES.hard)) image.hard = true;
}

function planCopies(images: readonly PlannedImage[], random: Random): PlannedCopy[] {
  const originals = random.shuffle(images.filter(({ noise, hard }) => noise === 'none' && !hard));
  return originals.slice(0, Math.round(SHARES.copies * images.length)).map((of, i) => ({
    path: of.path.replace('.jpg', '-again.jpg'),
    of,
    savedAnew: i % 2 === 1,
  }));
}
