import { closeSync } from 'node:fs';
import { z } from 'zod';
import { FormatError } from '../../core/errors.js';
import { suggestName } from '../../core/nearest-name.js';
import { readUpTo } from '../../core/read-fully.js';
import { openRegular } from '../../core/regular-file.js';
import type { EmbeddingFormat, StoredFeatures } from './embedding-format.js';
import { type FloatKind, readFloats } from './float-array.js';

/** Longest header that is read; the format's own limit. */
const MOST_HEADER = 100_000_000;
const kinds: Record<string, FloatKind> = { F16: 'float16', BF16: 'bfloat16', F32: 'float32', F64: 'float64' };

const side = z.number().int().min(0);
const tensorSchema = z.object({ dtype: z.string(), shape: z.array(side), data_offsets: z.tuple([side, side]) });
type Tensor = z.infer<typeof tensorSchema>;

/** Safetensors: one matrix of floats, or the one named. */
export const safetensorsFormat: EmbeddingFormat = {
  name: 'safetensors',
  endings: ['.safetensors'],
  read(file, column): StoredFeatures {
    const handle = openRegular(file);
    try {
      const { tensors, end } = headerOf(handle, file);
      const [name, { dtype, shape, data_offsets }] = chosen(tensors, column, file);
      if (!(dtype in kinds))
        throw new FormatError(`Tensor "${name}" of "${file}" is of type ${dtype}; F16, BF16, F32 and F64 are read.`);
      const [rows, dimensions] = shape;
      const data = readFloats(handle, end + data_offsets[0], [rows, dimensions], kinds[dtype], file);
      return { data, rows, dimensions };
    } finally {
      closeSync(handle);
    }
  },
};

function headerOf(handle: number, file: string): { tensors: Map<string, Tensor>; end: number } {
  const damaged = (): FormatError =>
    new FormatError(`"${file}" is not a safetensors file, or its header is damaged.`, [
      'Write it with safetensors.numpy.save_file({"features": features}, FILE).',
    ]);
  const start = Buffer.alloc(8);
  const length = readUpTo(handle, 0, start, file) < 8 ? Infinity : Number(start.readBigUInt64LE(0));
  if (length > MOST_HEADER) throw damaged();
  const header = Buffer.alloc(length);
  if (readUpTo(handle, 8, header, file) < length) throw damaged();
  try {
    const entries = Object.entries(z.record(z.string(), z.unknown()).parse(JSON.parse(header.toString('utf8'))));
    const named = entries.filter(([name]) => name !== '__metadata__');
    return { tensors: new Map(named.map(([name, value]) => [name, tensorSchema.parse(value)])), end: 8 + length };
  } catch {
    throw damaged();
  }
}

/** Returns the matrix asked for, or the only one. */
function chosen(tensors: Map<string, Tensor>, wanted: string | undefined, file: string): [string, Tensor] {
  const matrices = [...tensors].filter(([, { shape }]) => shape.length === 2);
  const names = matrices.map(([name]) => name);
  if (wanted !== undefined) {
    const found = matrices.find(([name]) => name === wanted);
    if (found) return found;
    throw new FormatError(
      `"${file}" has no matrix "${wanted}"; it has ${names.join(', ') || 'none'}.`,
      suggestName(wanted, names),
    );
  }
  if (matrices.length === 1) return matrices[0];
  throw new FormatError(
    matrices.length === 0
      ? `"${file}" holds no matrix: a tensor of two dimensions (images, dimensions) is read.`
      : `"${file}" holds ${matrices.length} matrices: ${names.join(', ')}.`,
    matrices.length === 0 ? [] : ['Name the one that holds the features: --column NAME'],
  );
}
