import { UNLABELLED } from '../../core/understood.js';
import { isImageBeginning, KIND_BYTES } from '../../images/image-name.js';
import { type ArchiveFile } from './archive-file.js';
import { ArchiveMetadata, isMetadata, isText } from './archive-samples.js';
import { isFile, partsOf, stampOfFiles } from './find-files.js';
import type { Findings } from './findings.js';
import { FolderTree, foldersOf } from './folder-tree.js';
import { isImageFileName, isOtherName } from './image-file.js';
import { labelNamesBeside } from './label-names.js';
import { findLayout, type Layout, namesAt } from './layout.js';
import { litterIn, litterReason } from './litter.js';
import { readIdentityColumn } from './parquet-rows.js';
import { personOf } from './person-label.js';
import { readPlace } from './read-place.js';
import { type Reader, type ReadOptions, refusedEntry, type SourceEntry } from './reader.js';
import { unsafeName } from './safe-path.js';
import { readArchive } from './tar-files.js';
import { checkShardNames, countBeside, warnOfCount } from './shard-counts.js';
import { placeOf, sayLayout } from './tree.js';

/** Parts of a sample that say whose it is are small. */
const MOST_METADATA = 1 << 20;

/** A kind of archive. */
export interface ArchiveKind {
  name: string;
  ending: RegExp;
  /** What an archive of it is called in sentences. */
  one: string;
  many: string;
}

/** An archive of a set, and its name in paths. */
interface Shard {
  file: string;
  name: string;
}

/**
 * Archives of a kind: samples as WebDataset and img2dataset write them, or a packed tree of folders. An image is whose its
 * metadata says (`.json`, `.cls`, or a table beside the archive); without metadata, the folders in the archives tell as those of a tree do,
 * and where there are none, the names of the archives.
 */
export const archiveReader = (kind: ArchiveKind): Reader => ({
  name: kind.name,
  recognise(path) {
    const shards = partsOf(path, kind.ending);
    if (shards.length === 0) return undefined;
    return shards.length === 1 ? `"${shards[0].file}" is a ${kind.one}` : `it holds ${shards.length} ${kind.many}`;
  },
  open(path, options, findings) {
    const shards = partsOf(path, kind.ending);
    const tables = shards.map(({ file }) => tableOf(kind, file)).filter(isFile);
    let names: ShardNames | undefined;
    return {
      stamp: () => stampOfFiles([...shards.map(({ file }) => file), ...tables]),
      async *entries() {
        checkShardNames(
          shards.map(({ name }) => name),
          findings,
        );
        names ??= await readNames(kind, path, shards, options, findings);
        for (const each of shards) yield* imagesOf(kind, each, options, names, findings);
      },
    };
  },
});

const tableOf = ({ ending }: ArchiveKind, file: string): string => file.replace(ending, '.parquet');

/** What the names in the archives tell. */
interface ShardNames {
  layout: Layout;
  /** Archives that hold no metadata: they are not read for it. */
  bare: ReadonlySet<string>;
  /** Folders of a file, from the outermost inwards. */
  foldersOf(shard: Shard, name: string): string[];
}

/**
 * Where the first archive has no folders, or metadata for all its images, the others are not looked through for folders.
 */
async function readNames(
  kind: ArchiveKind,
  path: string,
  shards: readonly Shard[],
  options: ReadOptions,
  findings: Findings,
): Promise<ShardNames> {
  const tree = new FolderTree();
  const bare = new Set<string>();
  const seen = { images: 0, records: 0 };
  let records = false;
  for (const { file } of shards) {
    bare.add(file);
    for await (const { name, refusal } of readArchive(file, options.maxFileBytes, () => false)) {
      if (refusal || litterIn(name) !== undefined) continue;
      if (isMetadata(name)) seen.records++;
      if (isMetadata(name) || isText(name)) bare.delete(file);
      else if (!isOtherName(name)) tree.add(foldersOf(name));
      if (isImageFileName(name)) seen.images++;
    }
    records ||= seen.records > 0 || isFile(tableOf(kind, file));
    if (tree.root.folders.size === 0 || seen.records >= seen.images) break;
  }
  const layout = findLayout(tree.root, placeOf(options.identityDepth));
  if (records)
    findings.note('identity = what the metadata of an image says (.json, .cls, or the table beside the archive)');
  if (!records && areNamedForPeople(shards, kind) && namesAt(tree.root, layout.depth).length <= 1) {
    findings.note(`identity = the name of each ${kind.one}`);
    const stem = ({ name }: Shard): string => name.slice(name.lastIndexOf('/') + 1).replace(kind.ending, '');
    return { layout: { depth: 0, passed: [] }, bare, foldersOf: (shard) => [stem(shard)] };
  }
  if (tree.root.folders.size > 0 && tree.root.all > 0) sayLayout(findings, layout, path, records);
  return { layout, bare, foldersOf: (_, name) => foldersOf(name) };
}

/** Several archives whose names do not end in numbers. */
const areNamedForPeople = (shards: readonly Shard[], { ending }: ArchiveKind): boolean =>
  shards.length > 1 && !shards.every(({ name }) => /\d$/.test(name.replace(ending, '')));

async function* imagesOf(
  kind: ArchiveKind,
  shard: Shard,
  options: ReadOptions,
  names: ShardNames,
  findings: Findings,
): AsyncGenerator<SourceEntry> {
  const { file, name: where } = shard;
  const table = tableOf(kind, file);
  const byKey = isFile(table) ? await readIdentityColumn(table, 'key', options.identityColumn) : undefined;
  const metadata = await metadataOf(file, options, names.bare.has(file));
  if (metadata.textsAreLabels) findings.note('identity = what the .txt file of an image says');
  const wanted = (name: string): boolean => isPart(name) && !(options.headsOnly && isImageFileName(name));
  let [number, images] = [0, 0];
  let before = '';
  for await (const { name, bytes, place, refusal } of readArchive(file, options.maxFileBytes, wanted)) {
    const inside = name.replace(/^(\.\/)+/, '');
    const entry = { path: `${where}/${inside}`, own: `${where}/${number++}/${inside}` };
    const litter = litterIn(inside);
    if (refusal) yield { ...refusedEntry(entry.path, refusal.reason, { state: refusal.state }), own: entry.own };
    else if (litter !== undefined) yield refusedEntry(entry.path, litterReason(litter));
    else if (!isPart(name) || !isImage({ name, bytes, place })) {
      if (!isMetadata(name)) findings.note('files of archives that are no images nor their metadata are passed over');
    } else {
      images++;
      if (metadata.isShared(before, name))
        findings.note('samples of several images: each image counts as one of its own');
      before = name;
      const said = metadata.of(name);
      const identity =
        said.identity ?? byKey?.get(stemOf(name)) ?? byFolder(names.foldersOf(shard, name), names.layout);
      if (identity === undefined) yield refusedEntry(entry.path, `${UNLABELLED}; no metadata lies beside it`);
      else if (identity === '') yield refusedEntry(entry.path, UNLABELLED);
      else yield { ...entry, path: goodPath(said.path) ?? entry.path, identity, ...(place ? { place } : { bytes }) };
    }
  }
  warnOfCount(findings, file, images, countBeside(file.replace(kind.ending, '')));
  for (const name of metadata.unused()) yield refusedEntry(`${where}/${name}`, 'the sample holds no image');
}

const isPart = (name: string): boolean => litterIn(name) === undefined && !isOtherName(name);

const isImage = ({ name, bytes, place }: ArchiveFile): boolean =>
  isImageFileName(name) ||
  isImageBeginning(
    place ? readPlace({ ...place, length: Math.min(KIND_BYTES, place.length ?? 0) }, KIND_BYTES) : bytes,
  );

async function metadataOf(file: string, options: ReadOptions, isBare: boolean): Promise<ArchiveMetadata> {
  const metadata = new ArchiveMetadata(options.identityColumn, labelNamesBeside(file));
  if (isBare) return metadata;
  const wanted = (name: string): boolean => (isMetadata(name) || isText(name)) && litterIn(name) === undefined;
  for await (const { name, bytes, place, refusal } of readArchive(file, options.maxFileBytes, wanted)) {
    if (refusal || !wanted(name) || (place?.length ?? bytes.length) > MOST_METADATA) continue;
    metadata.add(name, place ? readPlace(place, MOST_METADATA) : bytes);
  }
  return metadata;
}

/** Name of a file without its folder and endings. */
const stemOf = (name: string): string => name.slice(name.lastIndexOf('/') + 1).replace(/\..*$/, '');

function byFolder(folders: readonly string[], { depth }: Layout): string | undefined {
  const folder = depth === undefined ? undefined : folders[depth];
  return folder === undefined ? undefined : personOf(folder);
}

/** What facesieve called an image before it was packed, if that is a name to use. */
const goodPath = (path: string | undefined): string | undefined =>
  path !== undefined && !unsafeName(path) ? path : undefined;
