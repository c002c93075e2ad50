import { UNLABELLED } from '../../core/understood.js';
import { ArchiveMetadata, isMetadata } from './archive-samples.js';
import { partsOf, isFile, stampOfFiles } from './find-files.js';
import type { Findings } from './findings.js';
import { FolderTree, foldersOf } from './folder-tree.js';
import { isImageFileName, isOtherName } from './image-file.js';
import { labelNamesBeside } from './label-names.js';
import { findLayout, type Layout } from './layout.js';
import { litterIn, litterReason } from './litter.js';
import { readIdentityColumn } from './parquet-rows.js';
import { personOf } from './person-label.js';
import { type Reader, type ReadOptions, refusedEntry, type SourceEntry } from './reader.js';
import { unsafeName } from './safe-path.js';
import { isImageBeginning } from '../../images/image-name.js';
import { readArchive } from './tar-files.js';
import { placeOf, sayLayout } from './tree.js';

const shard = /\.(tar|tar\.gz|tgz)$/i;
/** Parts of a sample that say whose it is are small. */
const MOST_METADATA = 1 << 20;

/** A shard of a set, and its name in paths. */
interface Shard {
  file: string;
  name: string;
}

/**
 * Tar shards as WebDataset, img2dataset and plain tar write them. An image is whose its metadata says (`.json`, `.cls`, or
 * a table beside the shard); without metadata, the folders in the shards tell as those of a tree do.
 */
export const webdatasetReader: Reader = {
  name: 'webdataset',
  recognise(path) {
    const shards = partsOf(path, shard);
    if (shards.length === 0) return undefined;
    return shards.length === 1 ? `"${shards[0].file}" is a tar archive` : `it holds ${shards.length} tar shards`;
  },
  open(path, options, findings) {
    const shards = partsOf(path, shard);
    const tables = shards.map(({ file }) => tableOf(file)).filter(isFile);
    let names: ShardNames | undefined;
    return {
      stamp: () => stampOfFiles([...shards.map(({ file }) => file), ...tables]),
      async *entries() {
        names ??= await readNames(path, shards, options, findings);
        for (const each of shards) yield* imagesOf(each, options, names, findings);
      },
    };
  },
};

const tableOf = (file: string): string => file.replace(shard, '.parquet');

/** What the names in the shards tell. */
interface ShardNames {
  layout: Layout;
  /** Files of shards that hold no metadata: they are not read for it. */
  bare: ReadonlySet<string>;
}

/** Where the first shard has no folders, the others are not looked through for them. */
async function readNames(
  path: string,
  shards: readonly Shard[],
  options: ReadOptions,
  findings: Findings,
): Promise<ShardNames> {
  const tree = new FolderTree();
  const bare = new Set<string>();
  let records = false;
  for (const { file } of shards) {
    bare.add(file);
    for await (const { name, refusal } of readArchive(file, options.maxFileBytes, () => false)) {
      if (refusal || litterIn(name) !== undefined) continue;
      if (isMetadata(name)) bare.delete(file);
      else if (!isOtherName(name)) tree.add(foldersOf(name));
    }
    records ||= !bare.has(file) || isFile(tableOf(file));
    if (tree.root.folders.size === 0) break;
  }
  const layout = findLayout(tree.root, placeOf(options.identityDepth));
  if (records)
    findings.note('identity = what the metadata of an image says (.json, .cls, or the table beside the shard)');
  if (tree.root.folders.size > 0 && tree.root.all > 0) sayLayout(findings, layout, path, records);
  return { layout, bare };
}

async function* imagesOf(
  { file, name: where }: Shard,
  options: ReadOptions,
  { layout, bare }: ShardNames,
  findings: Findings,
): AsyncGenerator<SourceEntry> {
  const table = tableOf(file);
  const byKey = isFile(table) ? await readIdentityColumn(table, 'key', options.identityColumn) : undefined;
  const metadata = await metadataOf(file, options, bare.has(file));
  const isPart = (name: string): boolean => litterIn(name) === undefined && !isOtherName(name);
  const wanted = (name: string): boolean => isPart(name) && !(options.headsOnly && isImageFileName(name));
  let number = 0;
  for await (const { name, bytes, refusal } of readArchive(file, options.maxFileBytes, wanted)) {
    const inside = name.replace(/^(\.\/)+/, '');
    const entry = { path: `${where}/${inside}`, own: `${where}/${number++}/${inside}` };
    const litter = litterIn(name);
    if (refusal) yield { ...refusedEntry(entry.path, refusal.reason, { state: refusal.state }), own: entry.own };
    else if (litter !== undefined) yield refusedEntry(entry.path, litterReason(litter));
    else if (!isPart(name) || (!isImageFileName(name) && !isImageBeginning(bytes))) {
      if (!isMetadata(name)) findings.note('files of archives that are no images nor their metadata are passed over');
    } else {
      const said = metadata.of(name);
      const identity = said.identity ?? byKey?.get(stemOf(name)) ?? byFolder(name, layout);
      if (identity === undefined) yield refusedEntry(entry.path, `${UNLABELLED}; no metadata lies beside it`);
      else if (identity === '') yield refusedEntry(entry.path, UNLABELLED);
      else yield { ...entry, path: goodPath(said.path) ?? entry.path, identity, bytes };
    }
  }
  for (const name of metadata.unused()) yield refusedEntry(`${where}/${name}`, 'the sample holds no image');
}

async function metadataOf(file: string, options: ReadOptions, isBare: boolean): Promise<ArchiveMetadata> {
  const metadata = new ArchiveMetadata(options.identityColumn, labelNamesBeside(file));
  if (isBare) return metadata;
  for await (const { name, bytes, refusal } of readArchive(file, options.maxFileBytes, isMetadata))
    if (!refusal && isMetadata(name) && litterIn(name) === undefined && bytes.length <= MOST_METADATA)
      metadata.add(name, bytes);
  return metadata;
}

/** Name of a file without its folder and endings. */
const stemOf = (name: string): string => name.slice(name.lastIndexOf('/') + 1).replace(/\..*$/, '');

function byFolder(name: string, { depth }: Layout): string | undefined {
  const folder = depth === undefined ? undefined : foldersOf(name)[depth];
  return folder === undefined ? undefined : personOf(folder);
}

/** What facesieve called an image before it was packed, if that is a name to use. */
const goodPath = (path: string | undefined): string | undefined =>
  path !== undefined && !unsafeName(path) ? path : undefined;
