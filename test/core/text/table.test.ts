import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { table } from '../../../src/core/text/table.js';

describe('table', () => {
  it('sets numbers flush right and words flush left', () => {
    const lines = [
      'name   images', //
      '-----  ------',
      'ann         7',
      'bertl     120',
    ];
    expect(
      table(
        ['name', 'images'],
        [
          ['ann', '7'],
          ['bertl', '120'],
        ],
      ),
    ).toEqual(lines);
  });

  it('takes a column with a word in it for words', () => {
    expect(table(['a'], [['100'], ['x']])).toEqual(['a', '---', '100', 'x']);
  });

  it('does not let a missing number turn its column', () => {
    expect(table(['rate'], [['0.5'], ['-'], ['']])).toEqual(['rate', '----', ' 0.5', '   -', '']);
  });

  it('counts code points', () => {
    expect(table(['who', 'n'], [['𝒜', '1']])[2]).toBe('𝒜    1');
  });

  it('prints headers alone when there are no rows', () => {
    expect(table(['a', 'bc'], [])).toEqual(['a  bc', '-  --']);
  });

  it('keeps every cell, in order, with no blanks at line ends', () => {
    const cell = fc.stringMatching(/^[a-z0-9]{1,8}$/);
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell, cell), { minLength: 1 }), (rows) => {
        const lines = table(['x', 'y', 'z'], rows);
        expect(lines.slice(2).map((line) => line.trim().split(/ +/))).toEqual(rows);
        expect(lines.every((line) => line === line.trimEnd())).toBe(true);
      }),
    );
  });
});
