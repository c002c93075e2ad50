import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteSearch } from '../../../src/workspace/erase/find-bytes.js';
import { temporaryFolder } from '../../helpers/tiny-crawl.js';

describe('ByteSearch', () => {
  it('finds every occurrence of every string, as one search each would', () => {
    const few = fc.array(fc.constantFrom(97, 98, 99), { minLength: 2, maxLength: 7 });
    const many = fc.array(fc.constantFrom(97, 98, 99), { maxLength: 200 });
    fc.assert(
      fc.property(fc.array(few, { minLength: 1, maxLength: 6 }), many, (wanted, text) => {
        const bytes = Buffer.from(text);
        const found: string[] = [];
        const search = new ByteSearch(wanted.map((one, i) => [Buffer.from(one), i] as const));
        search.inBytes(bytes, 0, bytes.length, (i, at) => void found.push(`${i} at ${at}`));
        const expected = wanted.flatMap((one, i) =>
          text.flatMap((_, at) => (one.every((byte, j) => text[at + j] === byte) ? [`${i} at ${at}`] : [])),
        );
        expect(found.sort()).toEqual(expected.sort());
      }),
    );
  });

  it('finds what lies across two pieces of a file once, with what lies round it', () => {
    const file = join(temporaryFolder(), 'long');
    const bytes = Buffer.alloc(2 ** 22 * 2 + 100, '.');
    const places = [0, 2 ** 22 - 3, 2 ** 22 * 2 - 1, bytes.length - 6];
    for (const place of places) bytes.write('needle', place);
    writeFileSync(file, bytes);
    const round: string[] = [];
    const search = new ByteSearch([[Buffer.from('needle'), 1] as const]);
    const length = search.inFile(file, (_, around, at) => void round.push(around.toString('latin1', at - 1, at + 7)));
    expect(length).toBe(bytes.length);
    expect(round).toEqual(['needle.', '.needle.', '.needle.', '.needle']);
  });
});
