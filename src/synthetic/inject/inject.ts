import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';
import { writeFolderAtomically } from '../../core/atomic-folder.js';
import { defaults } from '../../core/config.js';
import { EmptyInputError, PathError } from '../../core/errors.js';
import { throwIfInterrupted } from '../../core/interrupt.js';
import { holds, realPlace } from '../../core/real-place.js';
import { randomOf } from '../../core/random.js';
import { readRegular } from '../../core/regular-file.js';
import { isImageName } from '../../images/image-name.js';
import { cutPatch, type PatchPlace } from '../../images/cut-patch.js';
import { writeTruth } from '../../formats/truth.js';
import { type InjectRates, type Placement, planNoise, type SetImage } from './plan.js';
import { planRepeated } from './repeated.js';

export interface InjectOptions extends InjectRates {
  source: string;
  out: string;
  seed: number;
  /** Share of the images of some identities that one other person each takes the place of, [0, 1); 0 unless given. */
  repeated?: number;
  /** Folder of strangers' images, any depth; without it whole identities are taken out of the set. */
  outsiders?: string;
}

export interface InjectResult {
  images: number;
  open: number;
  closed: number;
  nonface: number;
  /** Images of second people; among `open` they are not counted. */
  repeated: number;
}

/**
 * Copies a dataset and injects known label noise; what is wrong is written to OUT/truth.csv. OUT appears whole or not at
 * all. @throws PathError, EmptyInputError, ConfigError
 */
export async function inject(options: InjectOptions, signal?: AbortSignal): Promise<InjectResult> {
  const out = realPlace(options.out).path;
  refuseTarget(out, resolve(options.source));
  const all = imagesOf(options.source);
  const { placements: second, rest } = planRepeated(all, options.repeated ?? 0, options.seed);
  const { images, outsiders } = gather(rest, options);
  const placements = [...second, ...planNoise(images, outsiders, options, options.seed)].sort((a, b) =>
    a.path < b.path ? -1 : 1,
  );
  await writeFolderAtomically(out, async (folder) => {
    for (const placement of placements) {
      throwIfInterrupted(signal);
      await place(placement, options, folder);
    }
    writeTruth(
      join(folder, 'truth.csv'),
      placements.map(({ path, noise, trueIdentity }) => ({ path, noise, true_identity: trueIdentity })),
    );
  });
  const count = (kind: Placement['noise']): number => placements.filter(({ noise }) => noise === kind).length;
  const open = count('open') - second.length;
  const counts = { open, closed: count('closed'), nonface: count('nonface'), repeated: second.length };
  return { images: placements.length, ...counts };
}

function refuseTarget(out: string, source: string): void {
  if (!existsSync(source)) throw new PathError(`There is nothing at "${source}".`, ['Check the path of SOURCE.']);
  if (holds(realPlace(source), realPlace(out)))
    throw new PathError('OUT may not lie in SOURCE: noise would be injected into the set itself.', [
      'Choose another OUT.',
    ]);
  if (existsSync(out) && readdirSync(out).length > 0)
    throw new PathError(`"${out}" is not empty.`, ['Choose another OUT, or empty that folder.']);
}

/** The set's images by path. @throws EmptyInputError */
function imagesOf(source: string): SetImage[] {
  const images = readdirSync(source)
    .filter((name) => statSync(join(source, name)).isDirectory())
    .flatMap((name) => imagesBelow(join(source, name)).map((file) => ({ path: `${name}/${file}`, identity: name })))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
  if (images.length === 0)
    throw new EmptyInputError(`"${source}" holds no folders of images.`, ['SOURCE/NAME/image.jpg is expected.']);
  return images;
}

/** Images to inject noise into, and those of outsiders, who may have to be taken out of the set itself. Outsiders' paths are whole. */
function gather(
  images: readonly SetImage[],
  { source, outsiders, open, seed }: InjectOptions,
): { images: readonly SetImage[]; outsiders: string[] } {
  if (outsiders === undefined) return takeOutsidersOut(images, source, open, seed);
  if (!existsSync(outsiders)) throw new PathError(`There is nothing at "${outsiders}".`, ['Check --outsiders.']);
  return { images, outsiders: imagesBelow(outsiders).map((file) => join(outsiders, file)) };
}

const imagesBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(isImageName)
    .map((file) => file.split(sep).join('/'))
    .sort();

/** Whole identities leave the set until they have images enough for the open-set noise of what remains. */
function takeOutsidersOut(
  images: readonly SetImage[],
  source: string,
  open: number,
  seed: number,
): { images: SetImage[]; outsiders: string[] } {
  const names = randomOf(seed, 'outsiders').shuffle([...new Set(images.map(({ identity }) => identity))]);
  const counts = new Map<string, number>();
  for (const { identity } of images) counts.set(identity, (counts.get(identity) ?? 0) + 1);
  const gone = new Set<string>();
  for (let leaving = 0; leaving < Math.round(open * (images.length - leaving)) && names.length > 2;) {
    const name = names.pop()!;
    gone.add(name);
    leaving += counts.get(name)!;
  }
  return {
    images: images.filter(({ identity }) => !gone.has(identity)),
    outsiders: images.filter(({ identity }) => gone.has(identity)).map(({ path }) => join(source, path)),
  };
}

async function place(
  { path, noise, content, fromOutsiders }: Placement,
  { source, seed }: InjectOptions,
  folder: string,
) {
  const target = join(folder, path);
  mkdirSync(dirname(target), { recursive: true });
  const origin = fromOutsiders ? content : join(source, content);
  if (noise !== 'nonface') return writeFileSync(target, readRegular(origin, defaults.ingest.maxFileBytes));
  const patch = await cutPatch(
    readRegular(origin, defaults.ingest.maxFileBytes),
    cornerPlace(seed, path),
    defaults.ingest.maxPixels,
  );
  writeFileSync(target, patch);
}

/** A small square in one of the upper corners or at the lower edge: background, clothing, seldom a face. */
function cornerPlace(seed: number, path: string): PatchPlace {
  const random = randomOf(seed, 'patch', path);
  const side = random.between(0.14, 0.22);
  const edge = random.between(0, 0.03);
  return { left: random.uniform() < 0.5 ? edge : 1 - side - edge, top: random.pick([edge, 1 - side - edge]), side };
}
