import { FormatError, PathError } from '../../core/errors.js';
import { IrregularFileError, irregularKind, irregularReason } from '../../core/regular-file.js';
import { statOf } from './find-files.js';
import type { Reader } from './reader.js';
import { isWorkbook, workbookError } from '../workbook.js';
import { csvReader } from './csv-reader.js';
import { folderReader } from './folder-reader.js';
import { jsonlReader } from './jsonl-reader.js';
import { lstReader } from './lst-reader.js';
import { parquetReader } from './parquet-reader.js';
import { recordioReader } from './recordio-reader.js';
import { splitTreeReader } from './split-tree-reader.js';
import { webdatasetReader } from './webdataset-reader.js';
import { zipReader } from './zip-reader.js';

/** Every reader, the more particular first: one file, one line here, and its name in core/config.ts. */
export const readers: readonly Reader[] = [
  recordioReader,
  webdatasetReader,
  zipReader,
  parquetReader,
  lstReader,
  csvReader,
  jsonlReader,
  splitTreeReader,
  folderReader,
];

/**
 * The reader for what lies at `path`, and why; `auto` asks each in turn.
 * @throws PathError when there is neither a file nor a folder at `path`, FormatError when nobody can read it
 */
export function readerFor(path: string, format: string): { reader: Reader; because: string } {
  const there = statOf(path);
  if (!there)
    throw new PathError(`There is nothing at "${path}".`, [
      'Check the path; a folder of folders of images, or a .rec, .tar, .zip, .parquet, .lst, .csv or .jsonl file is expected.',
    ]);
  const kind = irregularKind(there);
  if (kind !== undefined) throw new IrregularFileError(path, irregularReason(kind));
  if (there.isFile() && isWorkbook(path)) throw workbookError(path);
  for (const reader of readers) {
    if (format !== 'auto' && format !== reader.name) continue;
    const because = reader.recognise(path);
    if (because) return { reader, because };
  }
  throw refuse(path, format);
}

function refuse(path: string, format: string): FormatError {
  const known = `Known formats: ${readers.map(({ name }) => name).join(', ')}.`;
  if (/\.(bin|pkl|pickle)$/i.test(path))
    return new FormatError(
      `"${path}" looks like a Python pickle: reading one runs code that is in it, so it is refused.`,
      ['Export its images to a folder or a .rec file with the program that made it.', known],
    );
  const advice = others.find(([name]) => name.test(path))?.[1];
  return new FormatError(`"${path}" cannot be read as ${format === 'auto' ? 'any known format' : `"${format}"`}.`, [
    ...(advice === undefined ? [] : [advice]),
    known,
  ]);
}

/** Kinds of files that are no source, and what to do with them. */
const others: readonly (readonly [name: RegExp, advice: string])[] = [
  [
    /\.(txt|list)$/i,
    'A text file is read when each of its lines is an image file and a label, with a blank or tab between.',
  ],
  [/\.(arrow|feather)$/i, 'In Python: datasets.Dataset.from_file(FILE).to_parquet("set.parquet"), and ingest that.'],
  [/\.(rar|7z|xz|bz2|zst|gz)$/i, 'Unpack it, and ingest the folder.'],
  [
    /\.(mat|npz|npy|h5|hdf5)$/i,
    'Write its images into a folder for each person, and ingest the folder that holds these.',
  ],
  [
    /\.(mp4|avi|mov|mkv|webm)$/i,
    'Write its frames into a folder for each person, and ingest the folder that holds these.',
  ],
];
