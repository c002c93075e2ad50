import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { silentProgress } from '../../../src/core/progress.js';
import { openSources } from '../../../src/formats/dataset/open-sources.js';
import { readPlace } from '../../../src/formats/dataset/read-place.js';
import { encodeRecord, joinRecord } from '../../../src/formats/dataset/recordio-frames.js';
import { portrait, temporaryFolder } from '../../helpers/tiny-crawl.js';

/** The format as its description gives it, written down a second time: magic, length, payload, padding. */
function frame(payload: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32LE(0xced7230a, 0);
  head.writeUInt32LE(payload.length, 4);
  return Buffer.concat([head, payload, Buffer.alloc((4 - (payload.length % 4)) % 4)]);
}

function payload(flag: number, label: number, labels: number[], id: number, image: Uint8Array): Buffer {
  const head = Buffer.alloc(24 + 4 * labels.length);
  head.writeUInt32LE(flag, 0);
  head.writeFloatLE(label, 4);
  head.writeBigUInt64LE(BigInt(id), 8);
  labels.forEach((value, i) => head.writeFloatLE(value, 24 + 4 * i));
  return Buffer.concat([head, image]);
}

async function read(file: string) {
  const source = await openSources(
    { source: file, also: [], format: 'auto', options: { maxFileBytes: 1 << 20 } },
    silentProgress,
  );
  const found = [];
  for await (const { path, identity, place, refusal } of source.entries())
    found.push({ path, identity, refusal, bytes: place && Buffer.from(readPlace(place, 1 << 20)) });
  return found;
}

describe('a record', () => {
  const words = fc.array(fc.constantFrom('0a23d7ce', '00', '0a23', 'd7ce', 'ffd8ff', '0a23d7ce0a23d7ce'), {
    maxLength: 12,
  });
  it('comes back whole, wherever the magic word stands in it', () => {
    fc.assert(
      fc.property(words, fc.array(fc.float({ noNaN: true }), { minLength: 1, maxLength: 3 }), (parts, labels) => {
        const image = Buffer.from(parts.join(''), 'hex');
        const { head, image: back } = joinRecord(encodeRecord(7, labels, image));
        expect(Buffer.from(back).equals(image)).toBe(true);
        expect([head.label, head.id, head.flag]).toEqual([labels[0], 7, labels.length > 1 ? labels.length : 0]);
      }),
    );
  });

  it('is written as the description says', () => {
    const image = Buffer.from('12345');
    expect(encodeRecord(3, [5], image).equals(frame(payload(0, 5, [], 3, image)))).toBe(true);
    expect(encodeRecord(3, [5, 6], image).equals(frame(payload(2, 0, [5, 6], 3, image)))).toBe(true);
  });
});

describe('a set of records', () => {
  it('is read alike with a header and without one, with an index and without', async () => {
    const images = [await portrait('A', 1), await portrait('B', 1)];
    const nothing = new Uint8Array(0);
    const bare = images.map((image, i) => frame(payload(2, 0, [i, 0], i, image)));
    const whole = [
      frame(payload(2, 0, [3, 5], 0, nothing)),
      ...images.map((image, i) => frame(payload(0, i, [], i + 1, image))),
      ...images.map((_, i) => frame(payload(2, 0, [i + 1, i + 2], i + 3, nothing))),
    ];
    const results = [];
    for (const records of [bare, whole])
      for (const indexed of [true, false]) {
        const folder = temporaryFolder();
        writeFileSync(join(folder, 'train.rec'), Buffer.concat(records));
        const offsets = records.map((_, i) => records.slice(0, i).reduce((sum, { length }) => sum + length, 0));
        if (indexed) writeFileSync(join(folder, 'train.idx'), offsets.map((offset, i) => `${i}\t${offset}\n`).join(''));
        results.push((await read(folder)).map(({ identity, bytes }) => [identity, bytes!.toString('hex')]));
      }
    for (const result of results) expect(result).toEqual(results[0]);
    expect(results[0].map(([identity]) => identity)).toEqual(['0000000', '0000001']);
  });

  it('loses one record to damage with an index, and the rest without', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'plain'));
    const image = await portrait('A', 1);
    const records = [0, 1, 2].map((id) => frame(payload(0, 0, [], id, image)));
    records[1].writeUInt32LE(0, 0);
    const bytes = Buffer.concat(records);
    writeFileSync(join(folder, 'train.rec'), bytes);
    writeFileSync(join(folder, 'train.idx'), records.map((record, i) => `${i}\t${i * record.length}\n`).join(''));
    writeFileSync(join(folder, 'plain', 'train.rec'), bytes);
    expect((await read(folder)).map(({ refusal }) => refusal?.state)).toEqual([undefined, 'unreadable', undefined]);
    expect((await read(join(folder, 'plain'))).map(({ refusal }) => refusal?.state)).toEqual([undefined, 'unreadable']);
  });

  it('names records beyond 16.7 million by their key, not by the float32 ranges', async () => {
    const folder = temporaryFolder();
    const image = await portrait('A', 1);
    const [key, next] = [2 ** 24 + 1, 2 ** 24 + 3];
    const records = [frame(payload(0, 20, [], key, image)), frame(payload(0, 21, [], next, image))];
    writeFileSync(join(folder, 'train.rec'), Buffer.concat(records));
    writeFileSync(join(folder, 'train.idx'), `${key}\t0\n${next}\t${records[0].length}\n`);
    const found = await read(folder);
    expect(found.map(({ path }) => path)).toEqual(['016777217.jpg', '016777219.jpg']);
    expect(found.map(({ identity }) => identity)).toEqual(['0000020', '0000021']);
  });
});
