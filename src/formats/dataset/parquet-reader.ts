import { basename, dirname, resolve } from 'node:path';
import { UNLABELLED } from '../../core/understood.js';
import { FacesieveError, FormatError } from '../../core/errors.js';
import { endingOf } from '../../images/image-name.js';
import { groupingColumnOf, pathColumnOf, usualPathColumn } from './columns.js';
import { hasImages, isFolder, partsOf, stampOf, stampOfAll, stampOfFiles } from './find-files.js';
import { Findings } from './findings.js';
import { listedEntry } from './listed-images.js';
import { placedRows } from './listed-place.js';
import { cellText, columnsOf, openParquet, type ParquetFile } from './parquet-rows.js';
import { classNumberOf, personOf } from './person-label.js';
import { type Reader, type ReadOptions, refusedEntry, type SourceEntry } from './reader.js';
import { unsafeName } from './safe-path.js';
import { checkShardNames, rowsPromised, warnOfCount } from './shard-counts.js';
import { quantity } from '../../core/text/quantity.js';

const ending = /\.parquet$/i;

/** Tables with an image column: bytes, or Hugging Face's struct of bytes and path. */
export const parquetReader: Reader = {
  name: 'parquet',
  recognise(path) {
    const files = partsOf(path, ending);
    if (isFolder(path) && files.length > 0 && isTableBeside(path, files[0].file)) return undefined;
    return files.length > 0 ? `${files.length} parquet files with images in a column` : undefined;
  },
  open(path, options, findings) {
    const files = partsOf(path, ending);
    return {
      async stamp() {
        const stamps = [await stampOfFiles(files.map(({ file }) => file))];
        for (const { file, name } of files)
          if (await namesFiles(file, options))
            stamps.push(await stampOfAll(placesOf(entriesOf(file, name, options, new Findings(), () => undefined))));
        return stamps.length === 1 ? stamps[0] : stampOfAll(stamps);
      },
      async *entries() {
        checkShardNames(
          files.map(({ name }) => name),
          findings,
        );
        let identityColumn = options.identityColumn;
        const chosen = (column: string): void => void (identityColumn = column);
        let rows = 0;
        for (const { file, name } of files)
          for await (const entry of entriesOf(file, name, { ...options, identityColumn }, findings, chosen)) {
            rows++;
            yield entry;
          }
        warnOfCount(findings, path, rows, isFolder(path) ? rowsPromised(path) : undefined);
      },
    };
  },
};

/** A cell that is longer holds an image, and no path. */
const LONGEST_PATH = 1024;

/** Are the images of a table files beside it, by the size of their column? Then these belong to what the table is. */
async function namesFiles(file: string, { pathColumn }: ReadOptions): Promise<boolean> {
  try {
    const { columns, metadata } = await openParquet(file);
    const column = pathColumn ?? imageColumn({ columns }) ?? usualPathColumn(columns);
    let bytes = 0n;
    for (const { columns: chunks } of metadata.row_groups)
      for (const { meta_data: chunk } of chunks)
        if (chunk?.path_in_schema[0] === column) bytes += chunk!.total_uncompressed_size;
    return bytes <= BigInt(LONGEST_PATH) * metadata.num_rows;
  } catch (error) {
    if (error instanceof FacesieveError) return false; // reading it will say why
    throw error;
  }
}

async function* placesOf(entries: AsyncIterable<SourceEntry>): AsyncGenerator<string> {
  for await (const { path, place } of entries) if (place) yield `${path}\n${stampOf(place.file)}`;
}

/** Are these the tables that img2dataset puts beside folders of images? */
const isTableBeside = (path: string, file: string): boolean =>
  basename(file) !== 'metadata.parquet' && imageColumn({ columns: columnsOf(file) }) === undefined && hasImages(path);

async function* entriesOf(
  file: string,
  where: string,
  options: ReadOptions,
  findings: Findings,
  chosen: (identityColumn: string) => void,
): AsyncGenerator<SourceEntry> {
  let number = 0;
  try {
    const parquet = await openParquet(file);
    const image = pathColumnOf(parquet.columns, options.pathColumn ?? imageColumn(parquet), file);
    const asked = { wanted: options.identityColumn, path: image, where: file };
    const identity = await groupingColumnOf(parquet.columns, asked, (columns) => parquet.rows(columns));
    chosen(identity);
    findings.person(`column "${identity}" of the parquet files`);
    if (options.headsOnly) findings.note('whether the rows of the parquet files hold images was not looked at');
    const names = classNames(parquet, identity);
    const root = resolve(options.root ?? dirname(file));
    const rows = parquet.rows(options.headsOnly ? [identity] : [image, identity]);
    for await (const { row, path: stored } of placedRows(rows, (each) => storedPath(each[image]), {
      ...{ root, list: file, findings },
    })) {
      const given = options.headsOnly ? { bytes: NO_BYTES } : imageIn(row[image]);
      const name = `${where}/${String(number++).padStart(7, '0')}`;
      const person = identityText(row[identity], names);
      if (!given && stored !== '') yield listedEntry(root, stored, person);
      else if (!given) yield refused(name, 'the row holds no image bytes');
      else if (given.bytes.length > options.maxFileBytes) yield refused(name, 'more bytes than allowed');
      else if (person === '') yield refusedEntry(name, UNLABELLED);
      else yield { ...pathsOf(name, given), identity: person, bytes: given.bytes };
    }
  } catch (error) {
    if (number === 0 && error instanceof FormatError) throw error;
    const reason = `the file is damaged after ${quantity(number, 'row')}: ${(error as Error).message}`;
    yield refused(where, reason);
  }
}

/** The path of an image that is not in the row itself; '' when the row holds it. */
const storedPath = (value: unknown): string =>
  imageIn(value) ? '' : cellText((value as { path?: unknown } | null | undefined)?.path ?? value);

const NO_BYTES = new Uint8Array(0);

/** The path stored in a row, and one with the row's number, which is its own. */
function pathsOf(
  name: string,
  { bytes, path }: { bytes: Uint8Array; path?: string },
): Pick<SourceEntry, 'path' | 'own'> {
  if (path === undefined) return { path: `${name}.${endingOf(bytes)}` };
  return { path, own: `${name}/${path.slice(path.lastIndexOf('/') + 1)}` };
}

const refused = (path: string, reason: string): SourceEntry => refusedEntry(path, reason, { state: 'unreadable' });

/** The usual name of the column that holds images, when the table has it. */
const imageColumn = ({ columns }: Pick<ParquetFile, 'columns'>): string | undefined =>
  ['image', 'img', 'jpg', 'image_bytes', 'bytes'].find((name) => columns.includes(name));

function imageIn(value: unknown): { bytes: Uint8Array; path?: string } | undefined {
  if (value instanceof Uint8Array) return { bytes: value };
  const { bytes, path } = (value ?? {}) as { bytes?: unknown; path?: unknown };
  if (!(bytes instanceof Uint8Array)) return undefined;
  const name = cellText(path);
  return { bytes, path: name !== '' && !unsafeName(name) ? name.replaceAll('\\', '/') : undefined };
}

function identityText(value: unknown, names: readonly string[] | undefined): string {
  const text = personOf(value instanceof Uint8Array ? cellText(value) : value);
  const number = classNumberOf(text);
  return names && number !== undefined ? personOf(names[number] ?? text) : text;
}

/** Names of a numbered label column, which Hugging Face keeps in the file's metadata. */
function classNames({ metadata }: ParquetFile, column: string): readonly string[] | undefined {
  const text = metadata.key_value_metadata?.find(({ key }) => key === 'huggingface')?.value;
  try {
    const { info } = JSON.parse(text ?? '{}') as { info?: { features?: Record<string, { names?: string[] }> } };
    return info?.features?.[column]?.names;
  } catch {
    return undefined;
  }
}
