import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parquetWriteFile } from 'hyparquet-writer';
import { describe, expect, it } from 'vitest';
import { readLabels } from '../../../src/formats/embeddings/label-file.js';
import { readFeatures } from '../../../src/formats/embeddings/read-features.js';
import { longLivedFolder } from '../../helpers/tiny-crawl.js';

/** A Python with numpy, pyarrow and safetensors: .ci/run makes one. */
const python = process.env.FACESIEVE_REFEREES;
const folder = longLivedFolder();
const matrix = [
  [0.5, -1.25, 3],
  [0, 2 ** -14, 1024],
];

/** Bytes of a .npy file as NEP 1 has them, version 1. */
function npy(type: string, shape: string, numbers: Uint8Array, order = 'False'): Buffer {
  const text = `{'descr': '${type}', 'fortran_order': ${order}, 'shape': (${shape}), }`;
  const header = `${text.padEnd(117)}\n`;
  const start = Buffer.from([0x93, ...Buffer.from('NUMPY'), 1, 0, header.length, 0]);
  return Buffer.concat([start, Buffer.from(header, 'latin1'), numbers]);
}

function safetensors(tensors: Record<string, { dtype: string; shape: number[]; data: Uint8Array }>): Buffer {
  let at = 0;
  const entries = Object.entries(tensors).map(([name, { dtype, shape, data }]) => {
    const offsets = [at, (at += data.length)];
    return [name, { dtype, shape, data_offsets: offsets }];
  });
  const header = Buffer.from(JSON.stringify({ __metadata__: { by: 'hand' }, ...Object.fromEntries(entries) }));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([length, header, ...Object.values(tensors).map(({ data }) => data)]);
}

const bytes = (array: Float32Array | Float64Array | Uint16Array): Uint8Array =>
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
const single = bytes(Float32Array.from(matrix.flat()));
const double = bytes(Float64Array.from(matrix.flat()));
const half = bytes(Uint16Array.from([0x3800, 0xbd00, 0x4200, 0, 0x0400, 0x6400]));
const brain = bytes(Uint16Array.from([0x3f00, 0xbfa0, 0x4040, 0, 0x3880, 0x4480]));

function written(name: string, content: string | Uint8Array): string {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}

const expected = { data: Float32Array.from(matrix.flat()), rows: 2, dimensions: 3 };

describe('features', () => {
  it.each([
    ['float32 .npy', 'a.npy', npy('<f4', '2, 3', single)],
    ['float64 .npy', 'b.npy', npy('<f8', '2, 3', double)],
    ['float16 .npy', 'c.npy', npy('<f2', '2, 3', half)],
    ['F32 safetensors', 'a.safetensors', safetensors({ x: { dtype: 'F32', shape: [2, 3], data: single } })],
    ['F64 safetensors', 'b.safetensors', safetensors({ x: { dtype: 'F64', shape: [2, 3], data: double } })],
    ['F16 safetensors', 'c.safetensors', safetensors({ x: { dtype: 'F16', shape: [2, 3], data: half } })],
    ['BF16 safetensors', 'd.safetensors', safetensors({ x: { dtype: 'BF16', shape: [2, 3], data: brain } })],
    [
      'safetensors beside a tensor of one dimension',
      'e.safetensors',
      safetensors({
        norms: { dtype: 'F32', shape: [2], data: single.subarray(0, 8) },
        x: { dtype: 'F32', shape: [2, 3], data: single },
      }),
    ],
  ])('are read from %s', async (_, name, content) => {
    expect(await readFeatures(written(name, content))).toEqual(expected);
  });

  it('are read from a list column of a parquet file, in row groups', async () => {
    const filename = join(folder, 'a.parquet');
    parquetWriteFile({
      filename,
      schema: [
        { name: 'root', num_children: 1 },
        { name: 'embedding', repetition_type: 'OPTIONAL', converted_type: 'LIST', num_children: 1 },
        { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
        { name: 'element', repetition_type: 'OPTIONAL', type: 'FLOAT' },
      ],
      columnData: [{ name: 'embedding', data: matrix }],
      rowGroupSize: 1,
    });
    expect(await readFeatures(filename)).toEqual(expected);
    await expect(readFeatures(filename, 'embeding')).rejects.toThrow('has no column "embeding"; it has embedding.');
  });

  it('are refused from parquet columns that are no lists of equal length', async () => {
    const filename = join(folder, 'b.parquet');
    parquetWriteFile({ filename, columnData: [{ name: 'name', data: ['Ada', 'Bo'], type: 'STRING' }] });
    await expect(readFeatures(filename)).rejects.toThrow(/is known to hold features; it has name/);
    await expect(readFeatures(filename, 'name')).rejects.toThrow(
      /Row 0 of column "name" of ".*" is not a list of numbers/,
    );
  });

  it('are those of the tensor asked for, where there are several', async () => {
    const second = { dtype: 'F32', shape: [1, 6], data: single };
    const file = written('f.safetensors', safetensors({ a: { dtype: 'F32', shape: [2, 3], data: single }, b: second }));
    expect(await readFeatures(file, 'b')).toMatchObject({ rows: 1, dimensions: 6 });
    await expect(readFeatures(file)).rejects.toThrow('holds 2 matrices: a, b.');
    await expect(readFeatures(file, 'c')).rejects.toThrow('has no matrix "c"; it has a, b.');
  });

  it.each([
    ['an unknown ending', 'a.pt', 'x', /has no ending that says how it is read/],
    ['integers', 'i.npy', npy('<i8', '2, 3', double), /numbers of type <i8; float16, float32 and float64 are read/],
    ['big-endian numbers', 'g.npy', npy('>f4', '2, 3', single), /numbers of type >f4/],
    ['a vector', 'v.npy', npy('<f4', '6,', single), /an array of shape \(6,\); a matrix/],
    ['three dimensions', 't.npy', npy('<f4', '1, 2, 3', single), /an array of shape \(1, 2, 3\)/],
    ['Fortran order', 'o.npy', npy('<f4', '2, 3', single, 'True'), /is in Fortran order; C order is read/],
    [
      'a file cut short',
      's.npy',
      npy('<f4', '3, 3', single),
      /is cut short: its matrix of 3 x 3 float32 numbers takes 36/,
    ],
    ['no .npy at all', 'n.npy', 'hello, this is text', /is not a \.npy file/],
    ['no row', 'e.npy', npy('<f4', '0, 3', new Uint8Array()), /holds no features: its matrix is 0 x 3/],
    ['NaN', 'nan.npy', npy('<f4', '1, 3', bytes(Float32Array.of(1, 2, NaN))), /not finite in row 0, column 2/],
    ['a damaged safetensors header', 'h.safetensors', Buffer.alloc(64, 1), /is not a safetensors file/],
    [
      'safetensors of integers',
      'i.safetensors',
      safetensors({ x: { dtype: 'I64', shape: [2, 3], data: double } }),
      /is of type I64; F16, BF16, F32 and F64 are read/,
    ],
    [
      'safetensors without a matrix',
      'n.safetensors',
      safetensors({ x: { dtype: 'F32', shape: [6], data: single } }),
      /holds no matrix/,
    ],
    [
      'safetensors cut short',
      's.safetensors',
      safetensors({ x: { dtype: 'F32', shape: [2, 3], data: single } }).subarray(0, -4),
      /is cut short/,
    ],
  ])('are refused from %s', async (_, name, content, message) => {
    await expect(readFeatures(written(name, content))).rejects.toThrow(message);
  });

  it('are refused from a folder, and where there is no file', async () => {
    mkdirSync(join(folder, 'folder.npy'), { recursive: true });
    await expect(readFeatures(join(folder, 'folder.npy'))).rejects.toThrow(/cannot be read: it is a folder/);
    await expect(readFeatures(join(folder, 'none.npy'))).rejects.toThrow(/there is no such file/);
  });
});

describe('labels', () => {
  it('are the lines of a text file', async () => {
    expect(await readLabels(written('l.txt', 'Ada\r\nBo Li\nAda\n'))).toEqual({ labels: ['Ada', 'Bo Li', 'Ada'] });
  });

  it('are a column of a CSV file, with the paths where there are any', async () => {
    const file = written('l.csv', 'path,identity\na/1.jpg,Ada\n"b, c.jpg",Bo\n');
    expect(await readLabels(file)).toEqual({ labels: ['Ada', 'Bo'], paths: ['a/1.jpg', 'b, c.jpg'] });
    expect(await readLabels(written('m.csv', 'who,n\nAda,1\n'), 'who')).toEqual({ labels: ['Ada'] });
  });

  it('are a column of a parquet file', async () => {
    const filename = join(folder, 'l.parquet');
    parquetWriteFile({
      filename,
      columnData: [
        { name: 'path', data: ['a', 'b'], type: 'STRING' },
        { name: 'identity', data: ['Ada', 'Bo'], type: 'STRING' },
      ],
    });
    expect(await readLabels(filename)).toEqual({ labels: ['Ada', 'Bo'], paths: ['a', 'b'] });
  });

  it.each([
    ['no label', 'e.txt', '', /holds no label/],
    ['an empty line', 'b.txt', 'Ada\n\nBo\n', /Label 2 of ".*" is empty/],
    ['no column that says the identity', 'c.csv', 'a,b\n1,2\n', /No column of ".*" says the identity; it has a, b/],
  ])('are refused with %s', async (_, name, content, message) => {
    await expect(readLabels(written(name, content))).rejects.toThrow(message);
  });
});

describe.skipIf(!python)('files of numpy, safetensors and pyarrow', () => {
  it('are read', async () => {
    mkdirSync(folder, { recursive: true });
    const script = `
import sys, numpy, pyarrow, pyarrow.parquet
x = numpy.array(${JSON.stringify(matrix)})
for kind in ('float16', 'float32', 'float64'):
    numpy.save(f'{sys.argv[1]}/{kind}.npy', x.astype(kind))
lists = pyarrow.array([list(row) for row in x.astype('float32')], pyarrow.list_(pyarrow.float32()))
fixed = pyarrow.FixedSizeListArray.from_arrays(pyarrow.array(x.ravel()), 3)
names = pyarrow.array(['Ada', 'Bo'])
for name, column in (('lists', lists), ('fixed', fixed)):
    table = pyarrow.table({'embedding': column, 'identity': names})
    pyarrow.parquet.write_table(table, f'{sys.argv[1]}/{name}.parquet', row_group_size=1)
try:
    import safetensors.numpy
    safetensors.numpy.save_file({'x': x.astype('float16')}, f'{sys.argv[1]}/half.safetensors')
    print('half.safetensors')
except ImportError:
    pass
`;
    const more = execFileSync(python!, ['-c', script, folder], { encoding: 'utf8' }).split('\n').filter(Boolean);
    for (const name of ['float16.npy', 'float32.npy', 'float64.npy', 'lists.parquet', 'fixed.parquet', ...more])
      expect(await readFeatures(join(folder, name)), name).toEqual(expected);
    expect(await readLabels(join(folder, 'lists.parquet'))).toEqual({ labels: ['Ada', 'Bo'] });
  });
});
