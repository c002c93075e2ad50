import { describe, expect, it } from 'vitest';
import { fileName, foldersOf, numbered, TakenNames } from '../../src/purified-set/out-paths.js';

describe('a name of a file', () => {
  it.each([
    ['Ada Lovelace', 'Ada Lovelace'],
    ['a:b/c\\d*e?f"g<h>i|j', 'a_b_c_d_e_f_g_h_i_j'],
    ['tab\tand\u0000', 'tab_and_'],
    ['.hidden', '_.hidden'],
    ['ends in dots..', 'ends in dots_'],
    ['ends in blanks  ', 'ends in blanks_'],
    ['', '_'],
    ['con', '_con'],
    ['CON.txt', '_CON.txt'],
    ['Lpt1', '_Lpt1'],
    ['console', 'console'],
  ])('%j is %j on every system', (name, expected) => expect(fileName(name)).toBe(expected));

  it.each(['é'.repeat(200), '漢'.repeat(150), 'x'.repeat(300), '😀'.repeat(90)])(
    'has at most 200 bytes, whole letters, and its ending: %s',
    (long) => {
      const name = fileName(`${long}.jpeg`);
      expect(Buffer.byteLength(name)).toBeLessThanOrEqual(200);
      expect(Buffer.byteLength(name)).toBeGreaterThan(195);
      expect(name.endsWith('.jpeg')).toBe(true);
      expect(name).not.toMatch(/\p{Cs}/u); // no half letter
    },
  );
});

describe('names side by side', () => {
  it('differ by more than case and Unicode form', () => {
    const taken = new TakenNames();
    const take = (...names: string[]): string => taken.take(names);
    expect(take('Ada', 'other')).toBe('Ada');
    expect(take('ADA', 'ada', 'third')).toBe('third');
    expect(take('Ren\u00e9')).toBe('Ren\u00e9');
    expect(take('Rene\u0301', 'fourth')).toBe('fourth');
  });

  it('are numbered before their ending', () => {
    const [first, second, third] = numbered('a/b.c/1.jpg');
    expect([first, second, third]).toEqual(['a/b.c/1.jpg', 'a/b.c/1~2.jpg', 'a/b.c/1~3.jpg']);
  });

  it('leave room for the files of the set', () => {
    expect([...foldersOf(['datasheet.json', 'ada', 'Ada', 'ledger.csv'])]).toEqual([
      ['datasheet.json', 'datasheet~2.json'],
      ['ada', 'ada'],
      ['Ada', 'Ada~2'],
      ['ledger.csv', 'ledger~2.csv'],
    ]);
  });
});
