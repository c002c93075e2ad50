import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FormatError } from '../../src/core/errors.js';
import { readCsv, readCsvLines, writeCsv } from '../../src/formats/csv.js';

describe('writeCsv', () => {
  it('writes the columns asked for, in that order, nothing for what is not known', () => {
    const text = writeCsv(
      ['b', 'a', 'ok'],
      [
        { a: 1.5, b: 'x,y', ok: false, other: 'z' },
        { a: null, ok: true },
      ],
    );
    expect(text).toBe('b,a,ok\n"x,y",1.5,false\n,,true\n');
  });

  it('writes a header for no rows', () => {
    expect(writeCsv(['a', 'b'], [])).toBe('a,b\n');
  });
});

describe('readCsv', () => {
  it('reads back any text of a record that is not blank', () => {
    const value = fc.string({ unit: 'grapheme' });
    const record = fc.record({ a: value, b: value }).filter(({ a, b }) => `${a}${b}`.trim() !== '');
    fc.assert(
      fc.property(fc.array(record), (rows) => {
        expect(readCsv(writeCsv(['a', 'b'], rows), 'f.csv')).toEqual(rows);
      }),
    );
  });

  it('passes over a byte order mark, CRLF, empty lines and lines of empty cells, which spreadsheets leave', () => {
    expect(readCsv('\uFEFFa,b\r\n1,2\r\n\r\n, \r\n', 'f.csv')).toEqual([{ a: '1', b: '2' }]);
  });

  it('gives the line of each record', () => {
    expect(readCsvLines('a,b\n1,2\n\n3,4\n', 'f.csv').map(({ line }) => line)).toEqual([2, 4]);
  });

  it.each([
    ['a missing cell', 'a,b\n1,2\n3\n', 'f.csv:3'],
    ['a cell too many', 'a,b\n1,2,3\n', 'f.csv:2'],
    ['an open quote', 'a,b\n1,"2\n', 'f.csv:'],
    ['a stray quote', 'a,b\n1,2"2\n', 'f.csv:2'],
    ['a column named twice', 'a,a\n1,2\n', 'f.csv:1'],
    ['nothing at all', '\n', 'f.csv'],
  ])('refuses %s, with file and line', (_, text, where) => {
    expect(() => readCsv(text, 'f.csv')).toThrow(FormatError);
    expect(() => readCsv(text, 'f.csv')).toThrow(where);
  });
});
