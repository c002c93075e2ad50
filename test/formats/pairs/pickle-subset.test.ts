import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FormatError } from '../../../src/core/errors.js';
import { readPickleSubset } from '../../../src/formats/pairs/pickle-subset.js';
import { hasPython } from '../../helpers/installed.js';

/** base64 of what Python 3.12 makes of ([b'ab', b'\xff\x00c'], [True]) and the like. */
const ofPython = {
  'protocol 3': 'gANdcQAoQwJhYnEBQwP/AGNxAmVdcQOIYYZxBC4=',
  'protocol 4': 'gASVFgAAAAAAAABdlChDAmFilEMD/wBjlGVdlIhhhpQu',
  'protocol 5': 'gAWVFgAAAAAAAABdlChDAmFilEMD/wBjlGVdlIhhhpQu',
};
const refused = {
  EMPTY_DICT: 'gASVAwAAAAAAAAB9lC4=',
  // ([b'a', b'b'], [something whose __reduce__ is os.system('touch ...')])
  'GLOBAL of "posix.system"':
    'gASVPAAAAAAAAABdlChDAWGUQwFilGVdlIwFcG9zaXiUjAZzeXN0ZW2Uk5SMEHRvdWNoIC90bXAvcHduZWSUhZRSlGGGlC4=',
};
const read = (...bytes: (number | string)[]) =>
  readPickleSubset(
    Buffer.concat(bytes.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from([part])))),
    'x.bin',
  );

describe('a pickle of lists of bytes and booleans', () => {
  it.each(Object.entries(ofPython))('of %s is read', (_, base64) => {
    const value = readPickleSubset(Buffer.from(base64, 'base64'), 'x.bin');
    expect(value).toEqual([[Buffer.from('ab'), Buffer.from([0xff, 0, 0x63])], [true]]);
  });

  it.skipIf(!hasPython).each([0, 1, 2, 3, 4, 5])(
    'is read as both picklers of CPython write it in protocol %i, lists or tuples',
    (protocol) => {
      const script = `
import base64, io, json, pickle
bins = [bytes([65, 10, 13, 92, 39, 0, 255, 128]) * 40, b'ab', bytearray(b'cd'), b'', b'e' * 300, b'ab']
out = []
for make in (list, tuple):
    for outer in (list, tuple):
        content = outer((make(bins), make([True, False, True])))
        out.append(pickle.dumps(content, protocol=${protocol}))
        file = io.BytesIO(); pickle._Pickler(file, protocol=${protocol}).dump(content); out.append(file.getvalue())
print(json.dumps([base64.b64encode(o).decode() for o in out]))`;
      const written = JSON.parse(execFileSync('python3', ['-c', script], { encoding: 'utf8' })) as string[];
      const first = Buffer.from([65, 10, 13, 92, 39, 0, 255, 128]);
      const bins = [
        Buffer.concat(Array<Buffer>(40).fill(first)),
        ...['ab', 'cd', '', 'e'.repeat(300), 'ab'].map((text) => Buffer.from(text)),
      ];
      expect(written).toHaveLength(8);
      for (const base64 of written) {
        const [read, same] = readPickleSubset(Buffer.from(base64, 'base64'), 'x.bin') as [
          Uint8Array[],
          (boolean | number)[],
        ];
        expect(read.map((bytes) => Buffer.from(bytes))).toEqual(bins);
        expect(same.map(Boolean)).toEqual([true, false, true]);
      }
    },
  );

  it('of Python 2 is read: its strings are bytes, and shared ones are recalled', () => {
    const old = [
      '\x80\x02]q\x00(U\x02abq\x01T\x03\x00\x00\x00\xff\x00cq\x02h\x01e]q\x03(\x88\x89K\x01K\x00e\x86q\x04.',
    ];
    const ab = Buffer.from('ab');
    expect(read(...old)).toEqual([
      [ab, Buffer.from([0xff, 0, 0x63]), ab],
      [true, false, 1, 0],
    ]);
  });

  it.each(Object.entries(refused))('and anything else is refused by its opcode: %s', (name, base64) => {
    expect(() => readPickleSubset(Buffer.from(base64, 'base64'), 'x.bin')).toThrow(
      new RegExp(`"x.bin", byte \\d+: it holds ${name.trim()},`),
    );
  });

  it.each([
    ['REDUCE of what is no name', '\x80\x02]]R.'],
    ['GLOBAL of "os.system"', 'cos\nsystem\n.'],
    ['GLOBAL of "builtins.eval"', '\x80\x04\x8c\x08builtins\x8c\x04eval\x93.'],
    ['names something that is no text', '\x80\x04]]\x93.'],
    ['INST', '(ios\nsystem\n.'],
    ['PERSID', 'Pabc\n.'],
    ['EXT1', '\x82\x01.'],
    ['the byte 0xf0', '\xf0'],
    ['ends in the middle', '\x80\x04B\xff\xff\xff\xffab'],
    ['ends in the middle', '\x80\x04\x8e\xff\xff\xff\xff\xff\xff\xff\x7fab'],
    ['ends in the middle', '\x80\x04]'],
    ['stack is empty', '\x80\x04.'],
    ['stack is empty', '\x80\x04\x86.'],
    ['mark that was never set', '\x80\x04]e.'],
    ['appends to something that is not a list', '\x80\x04\x88\x89a.'],
    ['never memoised', '\x80\x04h\x07.'],
  ])('refused: %s', (tells, text) => {
    expect(() => read(text)).toThrow(tells);
  });

  it('never fails in any other way, whatever the bytes are', () => {
    const opcodes = '\x80\x95(])lt\x85\x86\x87aeUTCB\x8e\x88\x89KMJqr\x94hj.012NILSVX\x8c\x8d\x96\x8ac\x93Rpg\n';
    const bytes = fc.oneof(
      fc.integer({ min: 0, max: 3 }),
      fc.nat(255),
      fc.constantFrom(...Buffer.from(opcodes, 'latin1')),
    );
    fc.assert(
      fc.property(fc.array(bytes, { maxLength: 60 }), (file) => {
        try {
          readPickleSubset(Buffer.from(file), 'x.bin');
        } catch (error) {
          expect(error).toBeInstanceOf(FormatError);
        }
      }),
      { numRuns: 3000 },
    );
  });
});
