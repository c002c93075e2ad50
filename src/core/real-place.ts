import { existsSync, lstatSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { homedir } from 'node:os';

/**
 * Where a path really lies, so that two paths can be compared whatever they are called: through links, other spellings,
 * a file system that folds case, and bind mounts (where /proc tells of them).
 */
export interface RealPlace {
  /** Absolute, without links; what does not exist yet keeps its name. */
  path: string;
  /** `device:inode` of the place itself, if it exists, and of every folder above it. */
  inodes: ReadonlySet<string>;
  /** `device:inode` of the place itself; undefined when it does not exist. */
  inode?: string;
  /** Path within the file system that holds it: the same through every mount of that file system. */
  within: string;
}

/** Links that one path may lead through; as many as Linux follows. */
const MOST_LINKS = 40;

/**
 * Follows every link in `path` by hand. Returns the places that it leads through, links included, the final one last: all
 * of them must stay where they are for `path` to be readable.
 */
export function hopsOf(path: string): string[] {
  const hops: string[] = [];
  let rest = resolve(path).split('/').filter(Boolean);
  let here = '/';
  while (rest.length > 0) {
    const next = join(here, rest[0]);
    rest = rest.slice(1);
    if (!isLink(next) || hops.length >= MOST_LINKS) {
      here = next;
      continue;
    }
    hops.push(next);
    rest = [...resolve(here, readlinkSync(next)).split('/').filter(Boolean), ...rest];
    here = '/';
  }
  return [...hops, here];
}

/** The place that `path` leads to in the end; it need not exist. */
export function realPlace(path: string): RealPlace {
  const end = hopsOf(path).at(-1)!;
  const own = inodeOf(end);
  return {
    path: end,
    inodes: new Set(inodesAbove(end)),
    ...(own !== undefined && { inode: own }),
    within: within(end, mounts()),
  };
}

/** Whether `inner` is `outer` or lies below it. */
export const holds = (outer: RealPlace, inner: RealPlace): boolean =>
  (outer.inode !== undefined && inner.inodes.has(outer.inode)) ||
  isBelow(inner.path, outer.path) ||
  isBelow(inner.within, outer.within);

const isBelow = (inner: string, outer: string): boolean =>
  inner === outer || inner.startsWith(outer.endsWith('/') ? outer : `${outer}/`);

/**
 * Tells of files whether they are lost, or can no longer be reached by their path, when `folder` is removed. Files that
 * share a folder share the work.
 */
export function neededBy(folder: RealPlace): (file: string) => boolean {
  const known = new Map<string, boolean>();
  const mounted = mounts();
  const throughFolder = (path: string): boolean => hopsOf(path).some((hop) => holds(folder, placeOfHop(hop, mounted)));
  return (file) => {
    const above = dirname(file);
    const needed = known.get(above) ?? throughFolder(above);
    known.set(above, needed);
    return needed || (isLink(file) && throughFolder(file)) || isSame(file, folder);
  };
}

const isLink = (path: string): boolean => lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;

const isSame = (path: string, { inode }: RealPlace): boolean => inode !== undefined && inodeOf(path) === inode;

/** A hop's folders hold no links, and the hop itself is not followed. */
function placeOfHop(hop: string, known: readonly Mount[]): RealPlace {
  const above = dirname(hop);
  return { path: hop, inodes: new Set(inodesAbove(above)), within: join(within(above, known), basename(hop)) };
}

function* inodesAbove(path: string): Generator<string> {
  const own = inodeOf(path);
  if (own !== undefined) yield own;
  if (path !== '/') yield* inodesAbove(dirname(path));
}

function inodeOf(path: string): string | undefined {
  const facts = statSync(path, { throwIfNoEntry: false, bigint: true });
  return facts && `${facts.dev}:${facts.ino}`;
}

interface Mount {
  point: string;
  device: string;
  /** Folder of the file system that is mounted there. */
  root: string;
}

const MOUNTS = '/proc/self/mountinfo';

/** Mounts of now, the longest mount points first; of two on one point, the later one, which hides the other. */
function mounts(): Mount[] {
  if (!existsSync(MOUNTS)) return [];
  const plain = (text: string): string =>
    text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(parseInt(octal, 8)));
  return readFileSync(MOUNTS, 'latin1')
    .split('\n')
    .filter(Boolean)
    .map((line) => line.split(' '))
    .map(([, , device, root, point]) => ({ device, root: plain(root), point: plain(point) }))
    .reverse()
    .sort((a, b) => b.point.length - a.point.length);
}

function within(path: string, known: readonly Mount[]): string {
  const latin = Buffer.from(path).toString('latin1'); // as the system writes its mounts
  const mount = known.find(({ point }) => isBelow(latin, point));
  return mount
    ? `${mount.device}:${join(mount.root, latin.slice(mount.point === '/' ? 0 : mount.point.length))}`
    : path;
}

/** Where pulled models are kept, for all workspaces of this user. */
export const cacheFolder = (): string =>
  process.env.FACESIEVE_CACHE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'facesieve');
