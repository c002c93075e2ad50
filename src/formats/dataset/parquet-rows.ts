import { closeSync, fstatSync } from 'node:fs';
import {
  type AsyncBuffer,
  type FileMetaData,
  parquetMetadata,
  parquetMetadataAsync,
  parquetReadObjects,
} from 'hyparquet';
import { FormatError } from '../../core/errors.js';
import { readUpTo } from '../../core/read-fully.js';
import { openRegular } from '../../core/regular-file.js';
import { identityColumnOf } from './columns.js';
import { codecsWithin } from './parquet-codecs.js';
import { personOf } from './person-label.js';
import { withoutStrays } from './stray-failures.js';

/** A parquet file whose footer was read. */
export interface ParquetFile {
  columns: string[];
  metadata: FileMetaData;
  /** Rows with these columns, a row group at a time: that much is in memory at once. */
  rows(columns: readonly string[]): AsyncGenerator<Record<string, unknown>>;
}

/** Most unpacked bytes of a row group, and how many times its file's size they may be where that is less. */
const MOST_BYTES = 2 ** 31;
const MOST_TIMES = 100;
const LITTLE = 64 << 20;
/** Most rows of a row group: as many objects are in memory at once. */
const MOST_ROWS = 2 ** 22;
/** Most columns, nested ones counted: nobody's table has more. */
const MOST_COLUMNS = 10_000;

/** @throws FormatError, UnreadableFileError */
export async function openParquet(file: string): Promise<ParquetFile> {
  const damaged = (error: unknown): FormatError =>
    new FormatError(`"${file}" cannot be read as parquet: ${(error as Error).message}`);
  const buffer = bufferOf(file);
  const metadata = await parquetMetadataAsync(buffer).catch((error: unknown) => {
    throw damaged(error);
  });
  if (metadata.schema.length > MOST_COLUMNS)
    throw damaged(new Error(`it has ${metadata.schema.length} columns, more than ${MOST_COLUMNS}`));
  const budget = Math.min(MOST_BYTES, Math.max(LITTLE, MOST_TIMES * buffer.byteLength));
  return {
    columns: topColumns(metadata),
    metadata,
    async *rows(columns) {
      for (const group of metadata.row_groups) {
        const rows = Number(group.num_rows);
        if (group.total_byte_size > MOST_BYTES || !(rows >= 0 && rows <= MOST_ROWS))
          throw new FormatError(
            `"${file}" has a row group of ${rows} rows and ${group.total_byte_size} bytes: too large to read.`,
            ['Write it again with smaller row groups.'],
          );
        const alone = { ...metadata, row_groups: [group] };
        const asked = { file: buffer, metadata: alone, columns: [...columns], utf8: false };
        try {
          const options = { ...asked, compressors: codecsWithin(budget) };
          yield* await withoutStrays('hyparquet', () => parquetReadObjects(options));
        } catch (error) {
          throw damaged(error);
        }
      }
    },
  };
}

/** Names of the columns of a parquet file; none when it is damaged, which opening it will say. */
export function columnsOf(file: string): string[] {
  const { byteLength, slice } = bufferOf(file);
  try {
    const tail = slice(byteLength - FOOTER_TAIL);
    const length = new DataView(tail as ArrayBuffer).getUint32(0, true);
    return topColumns(parquetMetadata(slice(byteLength - FOOTER_TAIL - length) as ArrayBuffer));
  } catch {
    return [];
  }
}

/** The length of the footer and four letters. */
const FOOTER_TAIL = 8;

/** What hyparquet reads from: only what lies in the file, whatever its directory says. */
function bufferOf(file: string): AsyncBuffer {
  const reading = <R>(read: (handle: number) => R): R => {
    const handle = openRegular(file);
    try {
      return read(handle);
    } finally {
      closeSync(handle);
    }
  };
  const byteLength = reading((handle) => fstatSync(handle).size);
  return {
    byteLength,
    slice: (start, end = byteLength) =>
      reading((handle) => {
        const from = Math.max(0, start < 0 ? byteLength + start : start);
        const bytes = new Uint8Array(Math.max(0, Math.min(end, byteLength) - from));
        readUpTo(handle, from, bytes, file);
        return bytes.buffer;
      }),
  };
}

/** Names right below the root, whatever they hold. */
function topColumns({ schema }: FileMetaData): string[] {
  const names: string[] = [];
  let inside = 0; // elements still to come below the name before
  for (const { name, num_children: children = 0 } of schema.slice(1)) {
    if (inside === 0) names.push(name);
    else inside--;
    inside += children;
  }
  return names;
}

/** Identities by `key`, from a table beside a shard; empty when no column of it names identities. */
export async function readIdentityColumn(
  file: string,
  key: string,
  wanted: string | undefined,
): Promise<Map<string, string>> {
  const parquet = await openParquet(file);
  let column: string;
  try {
    column = identityColumnOf(parquet.columns, wanted, file);
  } catch {
    return new Map();
  }
  const identities = new Map<string, string>();
  if (!parquet.columns.includes(key)) return identities;
  for await (const row of parquet.rows([key, column])) {
    const person = personOf(row[column]);
    const name = row[key];
    identities.set(name instanceof Uint8Array ? Buffer.from(name).toString() : String(name), person);
  }
  return identities;
}

/** Text of a cell; empty when it holds neither text nor a number. */
export const cellText = (value: unknown): string => {
  if (value instanceof Uint8Array) return Buffer.from(value).toString();
  return ['string', 'number', 'bigint'].includes(typeof value) ? String(value) : '';
};
