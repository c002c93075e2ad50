import { asyncBufferFromFile, type FileMetaData, parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { FormatError } from '../core/errors.js';
import { identityColumnOf } from './columns.js';

/** A parquet file whose footer was read. */
export interface ParquetFile {
  columns: string[];
  metadata: FileMetaData;
  /** Rows with these columns, a row group at a time: that much is in memory at once. */
  rows(columns: readonly string[]): AsyncGenerator<Record<string, unknown>>;
}

/** Most unpacked bytes of a row group. */
const MOST_BYTES = 2 ** 31;

/** @throws FormatError */
export async function openParquet(file: string): Promise<ParquetFile> {
  const damaged = (error: unknown): FormatError =>
    new FormatError(`"${file}" cannot be read as parquet: ${(error as Error).message}`);
  const buffer = await asyncBufferFromFile(file);
  const metadata = await parquetMetadataAsync(buffer).catch((error: unknown) => {
    throw damaged(error);
  });
  return {
    columns: topColumns(metadata),
    metadata,
    async *rows(columns) {
      let start = 0;
      for (const group of metadata.row_groups) {
        const end = start + Number(group.num_rows);
        if (group.total_byte_size > MOST_BYTES || !(end >= start))
          throw new FormatError(`"${file}" has a row group of ${group.total_byte_size} bytes: too large to read.`, [
            'Write it again with smaller row groups.',
          ]);
        const asked = { file: buffer, metadata, compressors, columns: [...columns], utf8: false };
        try {
          yield* await parquetReadObjects({ ...asked, rowStart: start, rowEnd: end });
        } catch (error) {
          throw damaged(error);
        }
        start = end;
      }
    },
  };
}

/** Names right below the root, whatever they hold. */
function topColumns({ schema }: FileMetaData): string[] {
  const names: string[] = [];
  let at = 1;
  const skip = (): void => {
    const children = schema[at++]?.num_children ?? 0;
    for (let i = 0; i < children && at < schema.length; i++) skip();
  };
  while (at < schema.length) {
    names.push(schema[at].name);
    skip();
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
  for await (const row of parquet.rows([key, column])) identities.set(String(row[key]), String(row[column] ?? ''));
  return identities;
}
