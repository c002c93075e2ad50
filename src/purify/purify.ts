import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { writeFolderAtomically } from '../core/atomic-folder.js';
import { EmptyInputError, PathError } from '../core/errors.js';
import { fingerprint } from '../core/fingerprint.js';
import { throwIfInterrupted } from '../core/interrupt.js';
import { type KeptImage, keptImages, type PurifiedList, readPurifiedList } from '../store/purified-list.js';
import { doOnce, type StageContext, type StageOutcome } from '../store/stages.js';
import { labelMap, ledger } from './ledger.js';
import { writers } from './writers.js';

export interface PurifyResult {
  kept: number;
  dropped: number;
  relabelled: number;
  identities: number;
  /** Identities of which nothing is left. */
  emptied: number;
  emptiedIdentities: string[];
  out: string;
}

/** Marks a folder as written by purify, and by which work: only such a folder is ever replaced. */
const MARK = '.facesieve-purified';

/** Writes the purified set to `out` beside a temporary name, then renames it into place. The source is not touched. */
export async function purify(
  context: StageContext,
  out: string,
  format = 'folder',
): Promise<StageOutcome<PurifyResult>> {
  const list = readPurifiedList(context.workspace);
  const target = resolve(out);
  refuseDangerousTarget(target, list.dataset.source, context);
  const inputs = {
    out: target,
    format,
    mode: context.config.mode,
    source: list.dataset.source,
    dataset: list.dataset.fingerprint,
    decisions: list.images.map(({ path, final, finalIdentity }) => [path, final, finalIdentity]),
  };
  const gone = markOf(target) !== fingerprint(inputs);
  return doOnce({ ...context, force: context.force || gone }, 'purify', inputs, () =>
    writePurified(context, list, target, format, fingerprint(inputs)),
  );
}

const markOf = (folder: string): string | undefined =>
  existsSync(join(folder, MARK)) ? readFileSync(join(folder, MARK), 'utf8') : undefined;

/** @throws PathError */
function refuseDangerousTarget(target: string, source: string, { workspace }: StageContext): void {
  const inside = (folder: string): boolean => target === folder || target.startsWith(`${folder}/`);
  if (inside(source) || source.startsWith(`${target}/`))
    throw new PathError(`The purified set may not be written over its source "${source}".`, ['Choose another --out.']);
  if (target === workspace.folder)
    throw new PathError(`"${target}" is the workspace itself.`, ['Choose another --out.']);
  if (existsSync(target) && readdirSync(target).length > 0 && markOf(target) === undefined)
    throw new PathError(`"${target}" is not empty and was not written by facesieve.`, [
      'Choose another --out, or empty that folder.',
    ]);
}

async function writePurified(
  { config, progress, signal }: StageContext,
  list: PurifiedList,
  target: string,
  format: string,
  mark: string,
): Promise<PurifyResult> {
  const kept = keptImages(list);
  if (kept.length === 0) throw new EmptyInputError('Nothing is left to write: every image was dropped.');
  return writeFolderAtomically(target, (folder) => {
    const newPaths = placeImages(kept, list.dataset.source, folder, format, config.mode, () => {
      throwIfInterrupted(signal);
      progress.update('purify', `${kept.length} images`);
    });
    const labels = labelMap(list.dataset.identities, kept);
    writeFileSync(join(folder, 'label-map.csv'), labels.csv);
    writeFileSync(join(folder, 'ledger.csv'), ledger(list.images, newPaths, list.siftRun));
    writeFileSync(join(folder, MARK), mark);
    return {
      kept: kept.length,
      dropped: list.images.length - kept.length,
      relabelled: kept.filter(({ final }) => final === 'relabel').length,
      identities: new Set(kept.map(({ finalIdentity }) => finalIdentity)).size,
      emptied: labels.emptied.length,
      emptiedIdentities: labels.emptied,
      out: target,
    };
  });
}

/** Writes the images one by one; returns their new paths by the old ones. Files that keep their folder go first. */
function placeImages(
  kept: readonly KeptImage[],
  source: string,
  folder: string,
  format: string,
  mode: StageContext['config']['mode'],
  beforeEach: () => void,
): Map<string, string> {
  const writer = writers.find(({ name }) => name === format)!;
  const moved = ({ image, finalIdentity }: KeptImage): number => (image.identity === finalIdentity ? 0 : 1);
  const newPaths = new Map<string, string>();
  const taken = new Set<string>();
  for (const image of [...kept].sort((a, b) => moved(a) - moved(b))) {
    beforeEach();
    const path = writer.write(image, source, folder, mode, taken);
    taken.add(path);
    newPaths.set(image.path, path);
  }
  return newPaths;
}
