import { extname } from 'node:path';
import { FormatError } from '../../core/errors.js';
import type { EmbeddingFormat, StoredFeatures } from './embedding-format.js';
import { npyFormat } from './npy.js';
import { parquetFormat } from './parquet.js';
import { safetensorsFormat } from './safetensors.js';

export const embeddingFormats: readonly EmbeddingFormat[] = [npyFormat, safetensorsFormat, parquetFormat];

/**
 * Reads features from `file`, by its ending.
 *
 * @param column name of the tensor or column that holds the features
 * @throws FormatError if the ending is unknown, or the file does not hold a matrix of finite numbers
 * @throws UnreadableFileError if it cannot be opened
 */
export async function readFeatures(file: string, column?: string): Promise<StoredFeatures> {
  const ending = extname(file).toLowerCase();
  const format = embeddingFormats.find(({ endings }) => endings.includes(ending));
  if (!format)
    throw new FormatError(`"${file}" has no ending that says how it is read.`, [
      `Features are read from ${embeddingFormats.flatMap(({ endings }) => endings).join(', ')}.`,
    ]);
  const features = await format.read(file, column);
  if (features.rows === 0 || features.dimensions === 0)
    throw new FormatError(`"${file}" holds no features: its matrix is ${features.rows} x ${features.dimensions}.`);
  const at = features.data.findIndex((value) => !Number.isFinite(value));
  if (at >= 0)
    throw new FormatError(
      `"${file}" holds a number that is not finite in row ${Math.floor(at / features.dimensions)}, column ${at % features.dimensions}.`,
      ['Embed that image again, or leave its row and its label out.'],
    );
  return features;
}
