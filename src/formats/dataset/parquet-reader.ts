import { basename, join } from 'node:path';
import { FormatError } from '../../core/errors.js';
import { endingOf } from '../../images/image-name.js';
import { identityColumnOf, pathColumnOf, orNobody } from './columns.js';
import { filesOf, isFolder, stampOfFiles } from './find-files.js';
import { openParquet, type ParquetFile } from './parquet-rows.js';
import { type Reader, type ReadOptions, refusedEntry, type SourceEntry } from './reader.js';
import { unsafeName } from './safe-path.js';

const ending = /\.parquet$/i;

/** Parquet files of `path`, or of its `data` folder, where Hugging Face puts them. */
function filesIn(path: string): string[] {
  const here = filesOf(path, ending);
  return here.length > 0 || !isFolder(path) ? here : filesOf(join(path, 'data'), ending);
}

/** Tables with an image column: bytes, or Hugging Face's struct of bytes and path. */
export const parquetReader: Reader = {
  name: 'parquet',
  recognise(path) {
    const files = filesIn(path);
    return files.length > 0 ? `${files.length} parquet files with images in a column` : undefined;
  },
  open(path, options) {
    const files = filesIn(path);
    return {
      stamp: () => stampOfFiles(files),
      async *entries() {
        for (const file of files) yield* entriesOf(file, options);
      },
    };
  },
};

async function* entriesOf(file: string, options: ReadOptions): AsyncGenerator<SourceEntry> {
  const where = basename(file);
  let number = 0;
  try {
    const parquet = await openParquet(file);
    const image = pathColumnOf(parquet.columns, options.pathColumn ?? imageColumn(parquet), file);
    const identity = identityColumnOf(parquet.columns, options.identityColumn, file);
    const names = classNames(parquet, identity);
    for await (const row of parquet.rows([image, identity])) {
      const given = imageIn(row[image]);
      const name = `${where}/${String(number++).padStart(7, '0')}`;
      const person = identityText(row[identity], names);
      if (!given) yield refused(name, 'the row holds no image bytes');
      else if (given.bytes.length > options.maxFileBytes) yield refused(name, 'more bytes than allowed');
      else if (person === '') yield refused(name, 'the row names no person');
      else yield { path: given.path ?? `${name}.${endingOf(given.bytes)}`, identity: person, bytes: given.bytes };
    }
  } catch (error) {
    if (number === 0 && error instanceof FormatError) throw error;
    const reason = `the file is damaged after ${number} rows: ${(error as Error).message}`;
    yield refused(where, reason);
  }
}

const refused = (path: string, reason: string): SourceEntry => refusedEntry(path, reason, { state: 'unreadable' });

/** The usual name of the column that holds images, when the table has it. */
const imageColumn = ({ columns }: ParquetFile): string | undefined =>
  ['image', 'img', 'jpg', 'image_bytes', 'bytes'].find((name) => columns.includes(name));

function imageIn(value: unknown): { bytes: Uint8Array; path?: string } | undefined {
  if (value instanceof Uint8Array) return { bytes: value };
  const { bytes, path } = (value ?? {}) as { bytes?: unknown; path?: unknown };
  if (!(bytes instanceof Uint8Array)) return undefined;
  const name = textOf(path);
  return { bytes, path: name !== '' && !unsafeName(name) ? name.replaceAll('\\', '/') : undefined };
}

const textOf = (value: unknown): string => {
  if (value instanceof Uint8Array) return Buffer.from(value).toString();
  return ['string', 'number', 'bigint'].includes(typeof value) ? String(value) : '';
};

function identityText(value: unknown, names: readonly string[] | undefined): string {
  const text = orNobody(textOf(value));
  return names && text !== '' ? (names[Number(text)] ?? text) : text;
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
