import { closeSync } from 'node:fs';
import { FormatError } from '../../core/errors.js';
import { readUpTo } from '../../core/read-fully.js';
import { openRegular } from '../../core/regular-file.js';
import type { EmbeddingFormat, StoredFeatures } from './embedding-format.js';
import { type FloatKind, readFloats } from './float-array.js';

/** Longest header that is read: a matrix of features has one of 128 bytes. */
const MOST_HEADER = 2 ** 16;
const kinds: Record<string, FloatKind> = { '<f2': 'float16', '<f4': 'float32', '<f8': 'float64' };

/** NumPy's .npy (NEP 1): a matrix of floats in C order. */
export const npyFormat: EmbeddingFormat = {
  name: 'npy',
  endings: ['.npy'],
  read(file): StoredFeatures {
    const handle = openRegular(file);
    try {
      const { header, end } = headerOf(handle, file);
      const { kind, shape } = matrixOf(header, file);
      return { data: readFloats(handle, end, shape, kind, file), rows: shape[0], dimensions: shape[1] };
    } finally {
      closeSync(handle);
    }
  },
};

/** Returns the header's text, and the byte at which the numbers begin. */
function headerOf(handle: number, file: string): { header: string; end: number } {
  const start = Buffer.alloc(12);
  readUpTo(handle, 0, start, file);
  if (start.toString('latin1', 0, 6) !== '\x93NUMPY')
    throw new FormatError(`"${file}" is not a .npy file.`, ['Write it with numpy.save(FILE, features).']);
  const [at, length] = start[6] === 1 ? [10, start.readUInt16LE(8)] : [12, start.readUInt32LE(8)];
  if (length > MOST_HEADER) throw new FormatError(`"${file}" has a header of ${length} bytes: it is damaged.`);
  const header = Buffer.alloc(length);
  if (readUpTo(handle, at, header, file) < length) throw new FormatError(`"${file}" is cut short in its header.`);
  return { header: header.toString('latin1'), end: at + length };
}

function matrixOf(header: string, file: string): { kind: FloatKind; shape: [number, number] } {
  const type = /'descr':\s*'([^']*)'/.exec(header)?.[1] ?? 'unknown';
  const shape = /'shape':\s*\(([^)]*)\)/.exec(header)?.[1] ?? '';
  const sides = shape.split(',').flatMap((side) => (side.trim() === '' ? [] : Number(side)));
  const convert = ['Write it with numpy.save(FILE, features.astype("float32")), one row per image.'];
  if (!(type in kinds))
    throw new FormatError(`"${file}" holds numbers of type ${type}; float16, float32 and float64 are read.`, convert);
  if (sides.length !== 2 || sides.some((side) => !Number.isSafeInteger(side)))
    throw new FormatError(
      `"${file}" holds an array of shape (${shape.trim()}); a matrix (images, dimensions) is read.`,
      convert,
    );
  if (/'fortran_order':\s*True/.test(header))
    throw new FormatError(`"${file}" is in Fortran order; C order is read.`, [
      'Write it with numpy.save(FILE, numpy.ascontiguousarray(features)).',
    ]);
  return { kind: kinds[type], shape: [sides[0], sides[1]] };
}
