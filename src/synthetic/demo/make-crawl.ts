import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { writeFolderAtomically } from '../../core/atomic-folder.js';
import { PathError } from '../../core/errors.js';
import { throwIfInterrupted } from '../../core/interrupt.js';
import { randomOf } from '../../core/random.js';
import type { NoiseKind } from '../../core/records.js';
import { encodeJpeg, type RgbImage } from '../../images/encode.js';
import { writeTruth } from '../../formats/truth.js';
import { hard, ordinary } from './conditions.js';
import { drawFace } from './draw-face.js';
import { drawNonface } from './draw-nonface.js';
import { makePerson } from './person.js';
import { type CrawlPlan, type CrawlSize, planCrawl, type PlannedImage } from './plan-crawl.js';

export interface CrawlCounts {
  images: number;
  identities: number;
  open: number;
  closed: number;
  nonface: number;
  hard: number;
  duplicates: number;
  broken: number;
}

/** Side of the pictures, pixels. */
const SIDE = 80;
const QUALITY = 88;
const TRUTH = 'truth.csv';
/** Readers of folders leave hidden files out. */
const MARK = '.facesieve-drawn';
const QUALITY_ANEW = 70;

export const demoSize: CrawlSize = { identities: 24, imagesPerIdentity: 27 };

/**
 * Draws a crawl whose noise is known into `folder`, which it replaces: NAME/NNN.jpg and truth.csv (broken files are
 * not in it). The same seed gives the same bytes. @param progress is told how many pictures are done, of how many
 */
export async function makeCrawl(
  folder: string,
  seed: number,
  size: CrawlSize = demoSize,
  progress: (done: number, of: number) => void = () => undefined,
  signal?: AbortSignal,
): Promise<CrawlCounts> {
  const target = resolve(folder);
  refuseForeignFolder(target);
  const plan = planCrawl(size, seed);
  await writeFolderAtomically(target, async (folder) => {
    await drawAll(plan, folder, seed, (done) => {
      progress(done, plan.images.length);
      throwIfInterrupted(signal);
    });
    writeTruth(join(folder, TRUTH), truthOf(plan));
    writeFileSync(join(folder, MARK), '');
  });
  return countsOf(plan);
}

/** @throws PathError: only a folder that carries the mark is one of ours; other sets have a truth.csv too */
function refuseForeignFolder(target: string): void {
  if (!existsSync(target) || existsSync(join(target, MARK)) || readdirSync(target).length === 0) return;
  throw new PathError(`"${target}" holds something else than a drawn crawl.`, ['Choose another folder.']);
}

async function drawAll(plan: CrawlPlan, folder: string, seed: number, drawn: (done: number) => void): Promise<void> {
  const write = (path: string, bytes: Uint8Array | string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), bytes);
  };
  const copies = new Map(plan.copies.map((copy) => [copy.of, copy]));
  for (const [i, image] of plan.images.entries()) {
    const picture = draw(image, seed);
    const bytes = await encodeJpeg(picture, QUALITY);
    write(image.path, bytes);
    const copy = copies.get(image);
    if (copy) write(copy.path, copy.savedAnew ? await encodeJpeg(picture, QUALITY_ANEW) : bytes);
    drawn(i + 1);
    await setImmediate(); // lets Ctrl-C through
  }
  const whole = await encodeJpeg(draw(plan.images[0], seed), QUALITY);
  const contents = { empty: '', text: 'This is not an image.\n', truncated: whole.subarray(0, whole.length >> 1) };
  for (const { path, kind } of plan.broken) write(path, contents[kind]);
}

function draw({ path, person, hard: isHard }: PlannedImage, seed: number): RgbImage {
  const random = randomOf(seed, 'picture', path);
  if (person === null) return drawNonface(SIDE, random);
  const looks = makePerson(randomOf(seed, 'person', person));
  return drawFace(looks, isHard ? hard(random) : ordinary(random), SIDE, random);
}

const truthOf = ({ images, copies }: CrawlPlan) => [
  ...images.map(({ path, noise, trueIdentity }) => ({ path, noise, true_identity: trueIdentity })),
  ...copies.map(({ path, of }) => ({ path, noise: 'none' as const, true_identity: of.folder })),
];

function countsOf({ images, copies, broken }: CrawlPlan): CrawlCounts {
  const count = (kind: NoiseKind): number => images.filter(({ noise }) => noise === kind).length;
  return {
    images: images.length + copies.length + broken.length,
    identities: new Set(images.map(({ folder }) => folder)).size,
    open: count('open'),
    closed: count('closed'),
    nonface: count('nonface'),
    hard: images.filter((image) => image.hard).length,
    duplicates: copies.length,
    broken: broken.length,
  };
}
