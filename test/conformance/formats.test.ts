import { describe, expect, it } from 'vitest';
import { decisionColumns, type DecisionRecord } from '../../src/review/decision-table.js';
import { decisionFormats } from '../../src/review/formats.js';

const record = (path: string): DecisionRecord =>
  ({
    ...Object.fromEntries(decisionColumns.map((column) => [column, null])),
    path,
    p_noise: 0.25,
    subcenter: 1,
  }) as DecisionRecord;

describe.each(decisionFormats)('decisions as $name', (format) => {
  it('come back with every column, odd names and unknown values', () => {
    const paths = ['A/1.jpg', 'O"Hara, \n😀/2.jpg'];
    const rows = format.read(format.write(paths.map(record)), 'file');
    expect(rows.map(({ path }) => path)).toEqual(paths);
    for (const row of rows) {
      expect(Object.keys(row)).toEqual([...decisionColumns]);
      expect([row.p_noise, row.subcenter, row.verdict]).toEqual(['0.25', '1', '']);
    }
  });

  it('are refused with the place when they are something else', () => {
    expect(() => format.read('path,verdict\n"a,b\n', 'some-file')).toThrow(/some-file/);
  });
});
