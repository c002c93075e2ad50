import { existsSync, readdirSync, readlinkSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { cacheFolder, holds, neededBy, type RealPlace, realPlace } from '../core/real-place.js';
import { PathError } from '../core/errors.js';
import { pathOfAlso, type SourceSettings } from '../formats/dataset/open-sources.js';
import type { Place } from '../formats/dataset/reader.js';
import { everyImage } from '../workspace/images.js';
import { isPartOfWorkspace, readFact, requireFact, type Workspace } from '../workspace/workspace.js';
import { markOf } from './existing-set.js';

/** Where a set comes from: what must outlive whatever purify replaces. */
export interface Origins {
  sources: SourceSettings;
  /** Path of the set that must not be overlapped. */
  reference?: string;
}

/** Origins of the crawl in `workspace`. @throws MissingStageError when nothing was ingested yet */
export function originsOf(workspace: Workspace): Origins {
  const sources = JSON.parse(requireFact(workspace, 'sources', 'ingest SOURCE')) as SourceSettings;
  return { sources, reference: readFact(workspace, 'reference') };
}

/** A place that a purified set may not take. */
interface Guarded {
  what: string;
  path: string;
}

/**
 * The folder that `out` leads to, links followed; `out` itself may be a link to a set.
 * @throws PathError naming both places when that folder is, holds or lies in a source, the workspace or the model cache,
 * when it is no folder, or when it holds something that facesieve did not write and `overwrite` was not asked for
 */
export function safeTarget(out: string, origins: Origins, workspace: Workspace, overwrite: boolean): string {
  const target = realPlace(out);
  const kind = statSync(target.path, { throwIfNoEntry: false });
  if (kind && !kind.isDirectory())
    throw new PathError(`"${out}" is a file or a device, not a folder.`, ['Choose another --out.']);
  refuseGuarded(out, target, origins);
  refuseWorkspace(out, target, workspace);
  if (existsSync(target.path)) refuseFilesInUse(out, target, workspace);
  if (!overwrite && isForeign(target.path))
    throw new PathError(`"${out}" is not empty and was not written by facesieve.`, [
      'Choose another --out, or replace what is there with --overwrite.',
    ]);
  return target.path;
}

const isForeign = (target: string): boolean =>
  existsSync(target) && readdirSync(target).length > 0 && markOf(target) === undefined;

function guardedOf({ sources: { source, also, options }, reference }: Origins): Guarded[] {
  return [
    { what: 'the source', path: source },
    ...also.map((text) => ({ what: 'a further source', path: pathOfAlso(text) })),
    ...(reference === undefined ? [] : [{ what: 'the reference set', path: reference }]),
    ...(options.root === undefined ? [] : [{ what: "the folder of the list's images", path: options.root }]),
    { what: 'the cache of pulled models', path: cacheFolder() },
  ].filter(({ path }) => existsSync(path));
}

function refuseGuarded(out: string, target: RealPlace, origins: Origins): void {
  const isNeeded = neededBy(target);
  for (const { what, path } of guardedOf(origins)) {
    const guarded = realPlace(path);
    const why = holds(guarded, target) ? 'is, or lies in,' : isNeeded(path) ? 'holds' : undefined;
    if (why === undefined) continue;
    throw new PathError(`The purified set cannot be written to "${out}": it ${why} ${what}, "${path}".`, [
      'Choose another --out.',
    ]);
  }
}

function refuseWorkspace(out: string, target: RealPlace, workspace: Workspace): void {
  const folder = realPlace(workspace.folder);
  const part = relative(folder.path, target.path).split('/')[0];
  const inside = holds(folder, target);
  if (holds(target, folder) || (inside && (part === '..' || isPartOfWorkspace(part))))
    throw new PathError(
      `The purified set cannot be written to "${out}": it is, holds, or is a part of the workspace, "${workspace.folder}".`,
      ['Choose another --out.'],
    );
}

/**
 * No image of the workspace may be read out of the folder that is replaced, or through a link in it: its file would be gone.
 * @throws PathError naming the image
 */
function refuseFilesInUse(out: string, target: RealPlace, workspace: Workspace): void {
  const isNeeded = neededBy(target);
  for (const { path, place } of everyImage(workspace)) {
    const file = place === null ? undefined : (JSON.parse(place) as Place).file;
    if (file === undefined || !isNeeded(file)) continue;
    throw new PathError(
      `The purified set cannot be written to "${out}": the image "${path}" is read from there, "${file}".`,
      ['Choose another --out.'],
    );
  }
}

/** Why a set that was just put in its place must not stay there: a link in it leads to nothing, or into the set itself. */
export function unusableSet(folder: string): string | undefined {
  const isNeeded = neededBy(realPlace(folder));
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isSymbolicLink()) continue;
    const link = join(entry.parentPath, entry.name);
    const end = readlinkSync(link);
    if (existsSync(link) && !isNeeded(end)) continue;
    return `"${relative(folder, link)}" would lead to "${end}", which would be removed, or is not there.`;
  }
  return undefined;
}
