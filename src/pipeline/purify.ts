import { counted } from '../core/progress.js';
import type { PurifyResult } from '../workspace/results.js';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { finishReplacement, writeFolderAtomically } from '../core/atomic-folder.js';
import type { Config } from '../core/config.js';
import { ConfigError, EmptyInputError } from '../core/errors.js';
import { fingerprint } from '../core/fingerprint.js';
import { throwIfInterrupted } from '../core/interrupt.js';
import { realPlace } from '../core/real-place.js';
import { checkedCropFile } from '../workspace/check-crops.js';
import { allImages } from '../workspace/images.js';
import {
  countFinal,
  type KeptImage,
  keptImages,
  type PurifiedList,
  readPurifiedList,
  refuseTakenBackNames,
} from '../workspace/purified-list.js';
import { doOnce, type StageContext, type StageOutcome } from '../workspace/stage.js';
import type { Workspace } from '../workspace/workspace.js';
import { arrange, type Arrangement, type Arrival } from '../purified-set/arrange.js';
import { cropArrivals, originalArrivals } from '../purified-set/arrivals.js';
import { datasheet } from '../purified-set/datasheet.js';
import { type ExistingSet, MARK, markOf, readExistingSet } from '../purified-set/existing-set.js';
import { alone, extend } from '../purified-set/extend.js';
import { decidedRows, labelMap, ledger, type NamesOverTime, unusedRows } from '../purified-set/ledger.js';
import { openOriginals } from '../purified-set/originals.js';
import { refuseOtherSet } from '../purified-set/replaceable.js';
import { type Origins, originsOf, safeTarget, unusableSet } from '../purified-set/target.js';
import type { OutFolder } from '../formats/dataset/writer.js';
import { writers } from '../formats/dataset/writers.js';
import { WrittenHashes } from '../purified-set/written-hashes.js';

/** What to do with what is at OUT: replace a set of this crawl, replace anything, write only what differs, or add to it. */
export type Onto = 'replace' | 'overwrite' | 'incremental' | 'extend';

export interface PurifyOptions {
  format?: string;
  /** Write the crops that networks are trained on instead of the original bytes. */
  crops?: boolean;
  onto?: Onto;
}

/**
 * The folder that a set would be written to, before anything is done for it.
 * @throws PathError when something that a person owns lies there, see {@link safeTarget} and {@link refuseOtherSet}
 */
export function checkTarget(workspace: Workspace, out: string, onto: Onto, origins: Origins): string {
  finishReplacement(realPlace(out).path); // what it puts back is looked at next
  const target = safeTarget(out, origins, workspace, onto === 'overwrite');
  if (onto === 'replace' || onto === 'incremental') refuseOtherSet(target, origins.sources, workspace);
  return target;
}

/** Writes the purified set to `out` beside a temporary name, then renames it into place. The source is not touched. */
export async function purify(
  context: StageContext,
  out: string,
  { format = 'folder', crops = false, onto = 'replace' }: PurifyOptions = {},
): Promise<StageOutcome<PurifyResult>> {
  const list = readPurifiedList(context.workspace);
  refuseTakenBackNames(list);
  const target = checkTarget(context.workspace, out, onto, originsOf(context.workspace));
  const { mode } = context.config.purify;
  const inputs = inputsOf(list, { out: target, format, crops, mode, extended: onto === 'extend' });
  if (list.namesChanged)
    context.progress.note('purify: names were changed since the last sift; `facesieve sift` decides with the new ones');
  if (list.facesChanged)
    context.progress.note('purify: faces were chosen since the last sift; `facesieve sift` judges them');
  const mark = fingerprint(inputs);
  const gone = markOf(target) !== mark;
  const work: Work = { context, list, target, format, crops, onto, mark };
  return doOnce({ ...context, force: context.force || gone }, 'purify', inputs, () => writePurified(work));
}

/** How a set is written, and where. */
export interface SetSettings {
  out: string;
  format: string;
  crops: boolean;
  mode: Config['purify']['mode'];
  extended: boolean;
}

const inputsOf = (list: PurifiedList, { extended, ...settings }: SetSettings): object => ({
  ...{ ...settings, extends: extended },
  source: list.dataset.source,
  dataset: list.dataset.fingerprint,
  decisions: list.images.map(({ path, final, finalIdentity, image }) => [path, final, finalIdentity, image.slot]),
  names: list.names.state,
});

/** The mark that a set of `list`, written so, bears. */
export const markFor = (list: PurifiedList, settings: SetSettings): string => fingerprint(inputsOf(list, settings));

interface Work extends Required<PurifyOptions> {
  context: StageContext;
  list: PurifiedList;
  target: string;
  mark: string;
}

async function writePurified(work: Work): Promise<PurifyResult> {
  const { context, list, target, crops, onto } = work;
  const { workspace, config, progress } = context;
  const kept = keptImages(list);
  if (kept.length === 0) throw new EmptyInputError('Nothing is left to write: every image was dropped.');
  const existing = onto === 'replace' || onto === 'overwrite' || !markOf(target) ? undefined : readExistingSet(target);
  if (existing && (existing.format !== work.format || existing.crops !== crops))
    throw new ConfigError(`"${target}" is a set of another format (${existing.format}).`, [
      `--format ${existing.format}${existing.crops ? ' --crops' : ''}, or --overwrite`,
    ]);
  const wanted = crops ? [] : kept.map(({ image }) => image);
  const originals = await openOriginals(workspace, wanted, config, progress);
  try {
    const arrivals = crops
      ? cropArrivals(kept, checkedCropFile(workspace), list.dataset.size)
      : originalArrivals(kept, originals);
    return await writeFolderAtomically(
      target,
      (folder) => fillFolder(work, folder, kept, arrivals, existing),
      unusableSet,
    );
  } finally {
    originals.close();
  }
}

async function fillFolder(
  work: Work,
  folder: string,
  kept: readonly KeptImage[],
  arrivals: readonly Arrival[],
  existing: ExistingSet | undefined,
): Promise<PurifyResult> {
  const { context, list, target, format, crops } = work;
  const adding = work.onto === 'extend' && existing;
  const all = adding ? await extend(target, existing, arrivals, context.config) : alone(arrivals);
  const arrangement = arrange(all.arrivals, all.known);
  const writer = writers.find(({ name }) => name === format)!;
  const hashes = new WrittenHashes();
  const images = arrangement.images.map((image) => hashes.watch(image));
  const written = await writer.write(images, outFolder(work, folder, arrangement, existing));
  const paths = new Map(arrangement.images.map(({ from }, i) => [from, written[i]]));

  const before = [...new Set([...list.dataset.identities, ...all.known])].sort();
  const rows = [
    ...decidedRows(list.images, all.pathsOfNew(paths), list.siftRun, list.names),
    ...unusedRows(allImages(context.workspace), list.siftRun),
    ...all.ledger(paths),
  ];
  const { emptiedIdentities, ...counts } = count(list, kept);
  writeFileSync(join(folder, 'label-map.csv'), labelMap(before, arrangement, namesOverTime(list, kept)));
  writeFileSync(join(folder, 'ledger.csv'), ledger(rows, hashes.byPath(images, written)));
  const facts = {
    ...{ format, crops, mode: context.config.purify.mode },
    counts: { ...counts, images: arrangement.images.length },
    ...{ decisions: countFinal(list.images), verdicts: list.images.filter(({ verdict }) => verdict !== null).length },
    earlierSources: adding ? adding.sources : [],
  };
  writeFileSync(join(folder, 'datasheet.json'), await datasheet(context.workspace, list, facts, folder));
  writeFileSync(join(folder, MARK), work.mark);
  return { ...counts, emptiedIdentities, out: target };
}

function namesOverTime({ names }: PurifiedList, kept: readonly KeptImage[]): NamesOverTime {
  const found = new Map<string, Map<string, number>>();
  for (const { finalIdentity, image } of kept) {
    const counts = found.get(finalIdentity) ?? new Map<string, number>();
    found.set(finalIdentity, counts.set(image.identity, (counts.get(image.identity) ?? 0) + 1));
  }
  return {
    becomes: (name) => names.resolve(name),
    was: (name) => [...(found.get(name) ?? [])].sort(([, a], [, b]) => b - a)[0]?.[0],
  };
}

function count(list: PurifiedList, kept: readonly KeptImage[]): Omit<PurifyResult, 'out'> {
  const left = new Set(kept.map(({ finalIdentity }) => finalIdentity));
  const isLeft = (name: string): boolean => left.has(name) || left.has(list.names.resolve(name) ?? name);
  const decisions = countFinal(list.images);
  const emptiedIdentities = list.dataset.identities.filter((identity) => !isLeft(identity));
  return {
    kept: kept.length,
    dropped: decisions.drop,
    duplicates: decisions.duplicate,
    relabelled: kept.filter(({ final }) => final === 'relabel').length,
    identities: left.size,
    emptied: emptiedIdentities.length,
    emptiedIdentities,
  };
}

function outFolder(
  { context, list, onto, crops }: Work,
  folder: string,
  { identities, images }: Arrangement,
  existing: ExistingSet | undefined,
): OutFolder {
  const { config, progress, signal } = context;
  let done = 0;
  const show = counted(progress, 'purify', { what: 'images', total: images.length });
  return {
    folder,
    identities,
    mode: config.purify.mode,
    seed: config.seed,
    size: list.dataset.size,
    previous: ({ path, sha256 }) =>
      onto === 'incremental' && !crops // how crops are cut may have changed
        ? (existing?.fileOf(path, sha256) ?? existing?.fileOf(`images/${path}`, sha256))
        : undefined,
    step() {
      throwIfInterrupted(signal);
      show(++done);
    },
  };
}
