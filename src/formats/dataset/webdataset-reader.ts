import { basename, posix } from 'node:path';
import { identityIn } from './columns.js';
import { filesOf, isFile, stampOfFiles } from './find-files.js';
import { labelNamesBeside } from './label-names.js';
import { readIdentityColumn } from './parquet-rows.js';
import { type Reader, type ReadOptions, type Refusal, refusedEntry, type SourceEntry } from './reader.js';
import { unsafeName } from './safe-path.js';
import { type ArchiveFile, readArchive } from './tar-files.js';

const shard = /\.(tar|tar\.gz|tgz)$/i;
const image = /^(jpe?g|png|webp|avif|gif|tiff?|bmp|img|image)$/i;
const metadata = /^(json|cls)$/i;
/** Parts of a sample that say whose it is are small. */
const MOST_METADATA = 1 << 20;

/**
 * Tar shards as WebDataset and img2dataset write them: files that follow each other under one key are a sample, of an
 * image and of metadata (`.json`, `.cls`, or a table beside the shard). Without metadata a key's folder is the identity.
 */
export const webdatasetReader: Reader = {
  name: 'webdataset',
  recognise(path) {
    const shards = filesOf(path, shard);
    if (shards.length === 0) return undefined;
    return shards.length === 1 ? `"${shards[0]}" is a tar archive` : `it holds ${shards.length} tar shards`;
  },
  open(path, options) {
    const shards = filesOf(path, shard);
    const tables = shards.map(tableOf).filter(isFile);
    return {
      stamp: () => stampOfFiles([...shards, ...tables]),
      async *entries() {
        for (const file of shards) yield* samplesOf(file, options);
      },
    };
  },
};

const tableOf = (file: string): string => file.replace(shard, '.parquet');

/** Parts of a sample by their ending. */
type Sample = { key: string; parts: Map<string, ArchiveFile> };

async function* samplesOf(file: string, options: ReadOptions): AsyncGenerator<SourceEntry> {
  const table = tableOf(file);
  const byKey = isFile(table)
    ? await readIdentityColumn(table, 'key', options.identityColumn)
    : new Map<string, string>();
  const labels = labelNamesBeside(file);
  const finish = (sample: Sample): SourceEntry[] => entriesOf(sample, file, options, (key) => byKey.get(key), labels);
  let sample: Sample | undefined;
  for await (const part of readArchive(file, options.maxFileBytes)) {
    const [key, ending] = splitName(part.name);
    const isMetadata = metadata.test(ending) && part.bytes.length <= MOST_METADATA;
    if (part.refusal || image.test(ending) || isMetadata) {
      if (sample && (sample.key !== key || sample.parts.has(ending))) {
        yield* finish(sample);
        sample = undefined;
      }
      sample ??= { key, parts: new Map() };
      sample.parts.set(ending, part);
    }
  }
  if (sample) yield* finish(sample);
}

/** A key runs to the first dot of the file's name. */
function splitName(name: string): [key: string, ending: string] {
  const file = posix.basename(name);
  const dot = file.indexOf('.');
  if (dot < 0) return [name, ''];
  return [name.slice(0, name.length - file.length + dot), file.slice(dot + 1).toLowerCase()];
}

function entriesOf(
  { key, parts }: Sample,
  file: string,
  options: ReadOptions,
  identityOfKey: (key: string) => string | undefined,
  labels: (label: number) => string,
): SourceEntry[] {
  const where = basename(file);
  const refused = (name: string, reason: string, state?: Refusal['state']): SourceEntry =>
    refusedEntry(`${where}/${name}`, reason, { state });
  const record = parseRecord(parts.get('json')?.bytes);
  const label = parts.get('cls')?.bytes;
  const folder = posix.dirname(key);
  const identity =
    identityIn(record, options.identityColumn) ||
    identityOfKey(posix.basename(key)) ||
    (label ? labels(Number(Buffer.from(label).toString().trim())) : '') ||
    (folder === '.' ? '' : folder.split('/')[0]);
  const entries: SourceEntry[] = [];
  for (const [ending, { name, bytes, refusal }] of parts) {
    if (refusal) entries.push(refused(name, refusal.reason, refusal.state));
    else if (!image.test(ending)) continue;
    else if (identity === '') entries.push(refused(name, 'no metadata says whose it is'));
    else entries.push({ path: pathOf(record, `${where}/${name}`), identity, bytes });
  }
  return entries.length > 0 ? entries : [refused(key, 'the sample holds no image')];
}

/** What facesieve called it before it was packed, or where it lies. */
const pathOf = (record: Record<string, unknown>, name: string): string =>
  typeof record.path === 'string' && !unsafeName(record.path) ? record.path : name;

function parseRecord(bytes: Uint8Array | undefined): Record<string, unknown> {
  try {
    const value: unknown = bytes && JSON.parse(Buffer.from(bytes).toString());
    return value !== null && typeof value === 'object' ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
