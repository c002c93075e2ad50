import { dirname } from 'node:path';
import { fingerprint, sha256 } from '../../core/fingerprint.js';
import { readRegular } from '../../core/regular-file.js';
import { embeddingsOf } from '../../workspace/embedding-file.js';
import { type PurifiedList, keptImages } from '../../workspace/purified-list.js';
import { chooseRun, findRun, firstRound, type Run } from '../../workspace/runs.js';
import { currentKey, type StageContext } from '../../workspace/stage.js';
import { cropImages, embedWith } from './embed-images.js';
import { makePairs, type PairCandidate } from '../../metrics/make-pairs.js';
import { type Measurable, measurePairs, type PairMeasures } from '../../metrics/pair-measures.js';
import { readPairs } from '../../formats/pairs/pair-readers.js';
import type { PairSet } from '../../metrics/pair-set.js';
import { templateMeans } from '../../metrics/identification.js';

/** Where pairs are to come from; without a file they are made of kept images. */
export interface PairChoice {
  pairs?: string;
  /** Folder below which the images of `pairs` are looked for. */
  root?: string;
  templates?: string;
}

/** The network trained on the crawl, and the one retrained on the purified set, when it was made from these decisions. */
export interface ComparedRuns {
  before: Run;
  after?: Run;
}

export type RunName = keyof ComparedRuns;

export interface MeasuredRun {
  name: RunName;
  run: Run;
  measures: PairMeasures;
  /** How many images of the pairs it was trained on, by their bytes. */
  trainedOn: number;
  /** Every image of the pairs, in a frozen model's own features where it is one; of kept images, a row a crop. */
  images: Measurable;
}

/** Pairs with what each of the runs makes of them. */
export interface MeasuredPairs {
  /** Of each pair: the images' or templates' names. */
  names: [string, string][];
  /** How many different images they have. */
  images: number;
  runs: MeasuredRun[];
  /** The images outside the workspace; absent for pairs made of kept images. */
  outside?: PairSet;
}

export function comparedRuns({ workspace }: StageContext, list: PurifiedList): ComparedRuns {
  const before = firstRound(workspace, chooseRun(workspace, undefined, 'train'));
  const id = currentKey(workspace, 'retrain');
  const run = id === undefined ? undefined : findRun(workspace, id);
  const after = (run?.inputs as { sift?: string } | undefined)?.sift === list.siftRun ? run : undefined;
  return { before, ...(after && { after }) };
}

/** Names what was finally decided of each image. */
export const decisionsFingerprint = ({ images }: PurifiedList): string =>
  fingerprint(images.map(({ path, final, finalIdentity, pNoise }) => [path, final, finalIdentity, pNoise]));

/** Names the pairs: a file by its content, pairs that are made by what they are made of. @throws PathError */
export function pairsFingerprint({ config }: StageContext, list: PurifiedList, choice: PairChoice): string {
  if (choice.pairs === undefined) return fingerprint([decisionsFingerprint(list), config.evaluate.pairs, config.seed]);
  return fingerprint([contentHash(choice.pairs), choice.templates && contentHash(choice.templates), choice.root]);
}

/** @throws PathError */
export const contentHash = (file: string): string => sha256(readRegular(file));

/** Reads or makes the pairs and measures them with each run. */
export async function measureAll(
  context: StageContext,
  list: PurifiedList,
  compared: ComparedRuns,
  choice: PairChoice,
): Promise<MeasuredPairs> {
  return choice.pairs === undefined
    ? measureKept(context, list, compared)
    : measureFile(context, list, compared, { ...choice, pairs: choice.pairs });
}

function measureKept({ workspace, config }: StageContext, list: PurifiedList, compared: ComparedRuns): MeasuredPairs {
  const candidates = candidatesOf(list, compared.after);
  const pairs = makePairs(candidates, config.evaluate.pairs, config.seed);
  const imageOf = new Map(list.images.map(({ image }) => [image.slot, image]));
  const tested = new Set(pairs.flatMap(({ first, second }) => [imageOf.get(first)!, imageOf.get(second)!]));
  const hashes = [...tested].map(({ sha256 }) => sha256);
  return {
    names: pairs.map(({ first, second }) => [imageOf.get(first)!.path, imageOf.get(second)!.path]),
    images: tested.size,
    runs: runsOf(compared).map(({ name, run }) => {
      const images = embeddingsOf(workspace, run.id);
      return { name, run, images, trainedOn: countTrainedOn(list, run, hashes), measures: measurePairs(images, pairs) };
    }),
  };
}

async function measureFile(
  context: StageContext,
  list: PurifiedList,
  compared: ComparedRuns,
  { pairs: file, root, templates }: PairChoice & { pairs: string },
): Promise<MeasuredPairs> {
  const roots = root === undefined ? [dirname(templates ?? file), list.dataset.source] : [root];
  const set = await readPairs({ file, roots, templates });
  const cut = await cropImages(context, set.images);
  const [crops, hashes] = [cut.map(({ crop }) => crop), cut.map(({ sha256 }) => sha256)];
  const runs: MeasuredRun[] = [];
  for (const { name, run } of runsOf(compared)) {
    const { vectors, norms, untouched } = await embedWith(context, run, crops);
    const items = set.templates ? templateMeans({ vectors, norms }, set.templates) : { vectors, norms };
    const images = { vectors: untouched ?? vectors, norms };
    const trainedOn = countTrainedOn(list, run, hashes);
    runs.push({ name, run, images, trainedOn, measures: measurePairs(items, set.pairs) });
  }
  const nameOf = (row: number): string => (set.templates ?? set.images)[row].name;
  const names = set.pairs.map(({ first, second }): [string, string] => [nameOf(first), nameOf(second)]);
  return { names, images: set.images.length, runs, outside: set };
}

/** How many of the images with these bytes `run` was trained on: all of the crawl, or what retraining was given. */
function countTrainedOn(list: PurifiedList, run: Run, hashes: readonly string[]): number {
  const heldOut = heldOutOf(run);
  const trained = heldOut
    ? keptImages(list).flatMap(({ image }) => (heldOut.has(image.path) ? [] : image))
    : list.dataset.images;
  const known = new Set(trained.map(({ sha256 }) => sha256));
  return hashes.filter((hash) => known.has(hash)).length;
}

/** Paths that retraining was not given; undefined for a network trained on the crawl. */
function heldOutOf(run: Run | undefined): Set<string> | undefined {
  const paths = (run?.inputs as { heldOut?: string[] } | undefined)?.heldOut;
  return paths && new Set(paths);
}

const runsOf = ({ before, after }: ComparedRuns): { name: RunName; run: Run }[] => [
  { name: 'before', run: before },
  ...(after ? [{ name: 'after' as const, run: after }] : []),
];

/** Kept images, and which of them retraining did not see; all of them, when nothing was retrained. */
export function candidatesOf(list: PurifiedList, after: Run | undefined): PairCandidate[] {
  const heldOut = heldOutOf(after);
  return keptImages(list).map(({ image, finalIdentity }) => ({
    index: image.slot,
    identity: finalIdentity,
    heldOut: heldOut?.has(image.path) ?? true,
  }));
}
