import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { readCsv } from '../../src/formats/csv.js';
import { runInProcess } from '../helpers/in-process.js';
import { labelledFaces } from '../helpers/labelled-faces.js';
import { longLivedFolder } from '../helpers/tiny-crawl.js';

const { rows, labels, wrong } = labelledFaces();
const folder = longLivedFolder();
const [features, names, out] = ['features.safetensors', 'labels.txt', 'decisions.csv'].map((file) =>
  join(folder, file),
);

beforeAll(() => {
  const data = Float32Array.from(rows.flat());
  const tensor = { dtype: 'F32', shape: [rows.length, rows[0].length], data_offsets: [0, data.byteLength] };
  const header = Buffer.from(JSON.stringify({ features: tensor }));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  writeFileSync(features, Buffer.concat([length, header, Buffer.from(data.buffer)]));
  writeFileSync(names, `${labels.join('\n')}\n`);
});

const siftFeatures = (...more: string[]) => runInProcess('sift', ['--embeddings', features, ...more]);

describe('facesieve sift --embeddings', () => {
  it('prints counts, and writes one decision per row with its reason', async () => {
    const { code, stdout } = await siftFeatures('--labels', names, '--out', out);
    expect([code, stdout]).toEqual([0, expect.stringContaining('240 images of 20 identities, 32 dimensions')]);
    const decided = readCsv(readFileSync(out, 'utf8'), out);
    expect(decided.map(({ path, identity }) => [path, identity])).toEqual(labels.map((name, i) => [String(i), name]));
    const flagged = decided.filter(({ decision }) => ['drop', 'relabel'].includes(decision));
    expect(new Set(flagged.map(({ path }) => Number(path)))).toEqual(new Set(wrong.keys()));
    for (const { reason, p_noise } of flagged)
      expect([reason, Number(p_noise) >= 0.5]).toEqual([expect.stringMatching(/^not /), true]);
  });

  it('writes JSON lines where the file is called so, and its figures with --json', async () => {
    const lines = join(folder, 'decisions.jsonl');
    const { stdout } = await siftFeatures('--labels', names, '--out', lines, '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      ...{ images: 240, identities: 20, dimensions: 32, out: lines },
      run: expect.stringMatching(/^[0-9a-f]{10}$/) as string,
      ruleCounts: { calibrated: wrong.size },
    });
    const records = readFileSync(lines, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    expect(records).toHaveLength(240);
    expect(records[0]).toMatchObject({ path: '0', identity: labels[0], decision: 'keep' });
  });

  it('does not write over what it reads', async () => {
    for (const file of [features, names]) {
      const before = readFileSync(file);
      const { code, stderr } = await siftFeatures('--labels', names, '--out', file);
      expect([code, stderr]).toEqual([2, expect.stringContaining('which the decisions are made from')]);
      expect(readFileSync(file)).toEqual(before);
    }
  });

  it('reads labels without the blanks around them', async () => {
    const blank = join(folder, 'blank.txt');
    writeFileSync(blank, labels.map((label, i) => (i % 3 === 0 ? ` ${label}\t` : label)).join('\n'));
    const { stdout } = await siftFeatures('--labels', blank, '--json');
    expect(JSON.parse(stdout)).toMatchObject({ identities: 20, ruleCounts: { calibrated: wrong.size } });
  });

  it('moves the threshold to a target', async () => {
    const { stdout } = await siftFeatures('--labels', names, '--target-recall', '1', '--json');
    const usual = await siftFeatures('--labels', names, '--json');
    const cut = (text: string) => (JSON.parse(text) as { cut: { dropAt: number } }).cut.dropAt;
    expect([cut(usual.stdout), cut(stdout) < 0.5]).toEqual([0.5, true]);
  });

  it.each([
    [['--embeddings', features], /--labels/],
    [['--labels', names], /--embeddings/],
    [['--embeddings', features, '--labels', names, '--rule', 'angle'], /--rule/],
    [['--out', out], /--embeddings/],
  ])('refuses %j as a usage', async (flags, message) => {
    const { code, stderr } = await runInProcess('sift', flags);
    expect([code, stderr]).toEqual([64, expect.stringMatching(message)]);
  });

  it.each([
    ['labels of another count', 'few.txt', 'Ada\nBo\n', /has 240 rows, and ".*few.txt" has 2 labels/],
    ['one identity', 'one.txt', 'Ada\n'.repeat(240), /All 240 images are labelled "Ada"/],
  ])('refuses %s', async (_, file, text, message) => {
    writeFileSync(join(folder, file), text);
    const { code, stderr } = await siftFeatures('--labels', join(folder, file));
    expect([code, stderr.replaceAll(/\s+/g, ' ')]).toEqual([2, expect.stringMatching(message)]);
  });
});
