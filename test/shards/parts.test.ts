import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { NotYetError, PartError } from '../../src/shards/errors.js';
import { HEAD_BYTES } from '../../src/shards/part-head.js';
import { donePart, PartReader, readPart } from '../../src/shards/part-reader.js';
import { PartWriter, writePart } from '../../src/shards/part-writer.js';
import { temporaryFolder } from '../helpers/tiny-crawl.js';

const machine = { cpu: 'a', node: 'v20', threads: 1 };
const expected = { plan: 'p', step: 'ingest', shard: 2, of: 5, rows: 3 };
const head = { ...expected, machine };
const fileIn = (): string => join(temporaryFolder(), 'ingest/00002-of-00005.part');

/** Rows of JSON that take more than one piece when they are read. */
const long = Array.from({ length: 60 }, (_, i) => ({ i, text: 'ä'.repeat(60_000 + i) }));

describe('a part', () => {
  it('gives back its sections, and tells its rows and bytes', async () => {
    const file = fileIn();
    await writePart(file, (part) => {
      part.begin('crops');
      part.append(Uint8Array.of(1, 2, 3), 1);
      part.append(Uint8Array.of(4, 5, 6), 1);
      part.lines('images', long);
      return head;
    });
    readPart(file, expected, (part) => {
      expect([part.rows('crops'), part.bytes('crops'), part.rows('images')]).toEqual([2, 6, 60]);
      expect([...part.pieces('crops')].map((piece) => [...piece])).toEqual([[1, 2, 3, 4, 5, 6]]);
      expect([...part.lines('images')]).toEqual(long);
      const two = new Uint8Array(2);
      part.readInto('crops', 3, two);
      expect([...two]).toEqual([4, 5]);
      expect(() => [...part.pieces('rows')]).toThrow('it has no section "rows"');
    });
  });

  it('is not there before it is whole, and what killed tasks left of it goes with it', async () => {
    const file = fileIn();
    const part = new PartWriter(file);
    part.lines('images', [1]);
    expect(() => PartReader.open(file, expected)).toThrow(NotYetError);
    writeFileSync(`${file}.node7-1.partial`, 'half of it');
    part.commit(head);
    expect(readdirSync(dirname(file))).toEqual(['00002-of-00005.part']);
    await expect(
      writePart(file, () => {
        throw new Error('interrupted');
      }),
    ).rejects.toThrow('interrupted');
    expect(readdirSync(dirname(file))).toEqual(['00002-of-00005.part']);
    expect(donePart(file, expected)?.rows).toBe(3);
  });

  it('can be read by its owner alone', async () => {
    const file = fileIn();
    await writePart(file, () => head);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(file)).mode & 0o777).toBe(0o700);
  });

  it.each([
    ['of another plan', { plan: 'q' }, 'belongs to another plan, p'],
    ['of another step', { step: 'embed' }, 'is the part "ingest 2/5"'],
    ['of another shard', { shard: 3 }, 'is the part "ingest 2/5"'],
    ['of another number of shards', { of: 6 }, 'is the part "ingest 2/5"'],
    ['with another number of rows', { rows: 4 }, 'it has 3 rows, and the plan counts 4'],
  ])('is refused %s', async (_, other, message) => {
    const file = fileIn();
    await writePart(file, () => head);
    expect(() => PartReader.open(file, { ...expected, ...other })).toThrow(message);
    expect(donePart(file, { ...expected, ...other })).toBeUndefined();
  });

  it('is refused when its head, its end or a byte is not as it was written', async () => {
    const file = fileIn();
    await writePart(file, (part) => {
      part.lines('images', [1, 2, 3]);
      return head;
    });
    const whole = readFileSync(file);
    const open = (bytes: Uint8Array): PartReader => {
      writeFileSync(file, bytes);
      return PartReader.open(file, expected);
    };
    expect(() => open(whole.subarray(0, 100))).toThrow('it is cut short');
    expect(() => open(whole.subarray(0, -1))).toThrow('it is cut short: it has 4101 of 4102 bytes');
    expect(() => open(Buffer.concat([whole, Buffer.from('x')]))).toThrow(PartError);
    const other = Buffer.from(whole);
    other[0] = 0x5b;
    expect(() => open(other)).toThrow('its head is not one of a part');
    const changed = Buffer.from(whole);
    changed[HEAD_BYTES] = 0x39; // 1 -> 9
    expect(() => [...open(changed).lines('images')]).toThrow('its section "images" is damaged');
  });
});
