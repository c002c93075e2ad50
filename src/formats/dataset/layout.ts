import type { FolderNode } from './folder-tree.js';

/** Why a level of folders is not the one that divides images into people. */
type Division = 'wrapper' | 'split' | 'batch' | 'letters' | 'numbers';

/** A level of folders that was passed over, with some of its names. */
interface Passed {
  why: Division;
  names: string[];
  count: number;
}

/** Which folder of a path names the person. */
export interface Layout {
  /** Place of the folder, from 0 for the outermost; undefined when no folder names anybody. */
  depth: number | undefined;
  passed: Passed[];
  /** What is doubtful about it: a sentence for people. */
  doubt?: string;
}

const split =
  /^(train(ing)?|tests?|testing|val(id|idation)?|dev|eval(uation)?|data|dataset|images?|imgs?|faces|raw|query|gallery|probe)([-_ ]?(set|split|data|images|imgs))?$/i;
/** Is a folder of this name a part of a set, as `train` or `images`? */
export const isSplitName = (name: string): boolean => split.test(name);

const sexes = /^(fe)?males?$|^(wo)?m[ae]n$|^(girl|boy)s?$/i;
const batch =
  /^(batch|part|shard|chunk|block|fold|group|vol|volume|disk|disc|archive|bucket|folder|dir|set|subset|split|package|pack|piece|tranche)[-_. ]*\d+$/i;
const number = /^\d+$/;
/** Names that folders inside of one person's folder have. */
const album =
  /\d|^(frontal|profile|left|right|up|down|front|side|back|indoor|outdoor|neutral|smile|happy|sad|angry|images?|faces|videos?|crops?|raw)$/i;

/** A folder may hold so large a share of images of its own beside its folders and still be a wrapper. */
const FEW = 0.1;

/**
 * Finds the level of folders that divides images into people. Passed over are folders that hold all the others (wrappers),
 * parts of a set (`train`, `data`), batches (`batch_01`), first letters of what is inside, and numbered shards.
 * @param wanted place of the folder, from 0, when the user names it
 */
export function findLayout(root: FolderNode, wanted?: number): Layout {
  const passed: Passed[] = [];
  let level = [...root.folders.values()];
  let groups = 1;
  for (let depth = 0; level.length > 0; depth++) {
    const why = wanted === undefined ? divisionOf(level, groups) : depth < wanted ? 'wrapper' : undefined;
    if (why === undefined) return { depth, passed, doubt: wanted === undefined ? doubtOf(level, depth) : undefined };
    const deeper = level.filter(({ folders }) => folders.size > 0);
    if (deeper.length === 0) break;
    const names = [...new Set(level.map(({ name }) => name))];
    passed.push({ why, names: names.slice(0, 3), count: names.length });
    groups = deeper.length;
    level = deeper.flatMap(({ folders }) => [...folders.values()]);
  }
  return innermostName(passed, wanted);
}

/** Names of the folders at a place, from 0 for the outermost. */
export function namesAt(root: FolderNode, depth: number | undefined): string[] {
  if (depth === undefined) return [];
  let level = [...root.folders.values()];
  for (let at = 0; at < depth; at++) level = level.flatMap(({ folders }) => [...folders.values()]);
  return [...new Set(level.map(({ name }) => name))];
}

/** The last wrapper that could be a name, where only `images` or `raw` lies in it. */
function innermostName(passed: readonly Passed[], wanted: number | undefined): Layout {
  const depth = passed.findLastIndex(({ why, names }) => why === 'wrapper' && !split.test(names[0]));
  if (wanted !== undefined || depth < 0 || passed.slice(0, depth + 1).some(({ why }) => why !== 'wrapper'))
    return { depth: undefined, passed: [...passed] };
  return { depth, passed: passed.slice(0, depth) };
}

function divisionOf(level: readonly FolderNode[], groups: number): Division | undefined {
  const names = level.map(({ name }) => name);
  if (names.every((name) => split.test(name))) return 'split';
  const bare = level.every(({ own, all }) => own <= FEW * all);
  if (level.length === groups && level.every(isWrapper)) return 'wrapper';
  if (!bare) return undefined;
  const inside = level.flatMap(({ folders }) => [...folders.keys()]);
  if (inside.length === 0) return undefined;
  if (names.every((name) => batch.test(name) || split.test(name) || sexes.test(name))) return 'batch';
  if (level.every(isFirstLetters)) return 'letters';
  return names.every((name) => number.test(name)) && holdNames(level, inside) ? 'numbers' : undefined;
}

/** Holds folders, and hardly an image of its own. */
const isWrapper = ({ own, all, folders }: FolderNode): boolean =>
  (own === 0 ? folders.size > 0 : folders.size > 1) && own <= FEW * all;

const isFirstLetters = ({ name, folders }: FolderNode): boolean =>
  name.length <= 3 &&
  [...folders.keys()].every(
    (inner) => inner.length > name.length && inner.toLowerCase().startsWith(name.toLowerCase()),
  );

/** Are folders inside of numbered ones people? Not when they are numbered too, or albums that each of them has. */
function holdNames(level: readonly FolderNode[], inside: readonly string[]): boolean {
  if (inside.filter((name) => number.test(name)).length > inside.length / 2) return false;
  const albums = new Set(inside).size * level.length <= inside.length * 1.5 && inside.every((name) => album.test(name));
  return !albums;
}

/** Outer folders up to so many, with nothing but folders inside, are more likely a division than people. */
const FEW_OUTER = 20;

function doubtOf(level: readonly FolderNode[], depth: number): string | undefined {
  const inside = level.flatMap(({ folders }) => [...folders.keys()]);
  const bare = level.every(({ own }) => own === 0);
  if (bare && level.length > 1 && level.length <= FEW_OUTER && inside.length >= 2 * level.length)
    return (
      `the ${level.length} folders taken for people hold nothing but ${inside.length} further folders ` +
      `(${inside.slice(0, 3).join(', ')}); if those are the people, add --identity-depth ${depth + 2}`
    );
  return shardDoubt(level);
}

/** Folders of just as many images each, numbered from the beginning, are the shards of a download. */
function shardDoubt(level: readonly FolderNode[]): string | undefined {
  const numbered = level.filter(({ name }) => number.test(name)).sort((a, b) => Number(a.name) - Number(b.name));
  const inOrder = numbered.every(({ name }, i) => Number(name) === i + Number(numbered[0].name));
  if (numbered.length < 2 || numbered.length < level.length || !inOrder || Number(numbered[0].name) > 1)
    return undefined;
  const full = numbered[0].all;
  if (full < 100 || !numbered.slice(0, -1).every(({ all }) => all === full)) return undefined;
  return (
    `the folders taken for people are numbered from ${numbered[0].name} to ${numbered.at(-1)!.name} and hold ${full} images ` +
    'each: they look like shards of a download; name a table or --identity-column that says who is who'
  );
}

const ordinals = ['first', 'second', 'third', 'fourth', 'fifth', 'sixth'];

const kinds: Record<Division, string> = {
  wrapper: 'wrapper folders',
  split: 'parts of the set',
  batch: 'batches',
  letters: 'first letters',
  numbers: 'numbered folders',
};

/** The layout in one sentence. @param root what the folders lie below */
export function describeLayout({ depth, passed }: Layout, root: string): string {
  if (depth === undefined) return `no folder below "${root}" names a person`;
  const which = ordinals[depth] ?? `${depth + 1}th`;
  const skipped = passed.map(({ why, names, count }) => {
    const list = names.join(', ') + (count > names.length ? ` and ${count - names.length} more` : '');
    return `${kinds[why]} skipped: ${list}`;
  });
  return [`identity = ${which} folder below "${root}"`, ...skipped].join('; ');
}
