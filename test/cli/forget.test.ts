import { appendFileSync, copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { beforeAll, describe, expect, it } from 'vitest';
import { readTensors } from '../../src/core/safetensors.js';
import { cropBytes } from '../../src/core/crop-geometry.js';
import { everyImage } from '../../src/workspace/images.js';
import { lookIntoWorkspace } from '../../src/workspace/workspace.js';
import { facesieve, facesieveJson, tinyFlags } from '../helpers/cli.js';
import { longLivedFolder, portrait, writeFiles } from '../helpers/tiny-crawl.js';

const NAME = 'Forgetta Person';
const folder = longLivedFolder();
const crawl = join(folder, 'crawl');
const workspace = join(folder, 'workspace');
const outside = join(folder, 'outside');
const [sent, changed] = [join(folder, 'sent.html'), join(folder, 'changed.html')];
const w = ['-w', workspace];
const run = () => facesieveJson('run', crawl, ...w, '--seed', '1', ...tinyFlags);
const rows = () => parse(facesieve('decisions', 'export', ...w).stdout, { columns: true }) as Record<string, string>[];
const said = () => rows().map(({ path, identity, decision, verdict }) => [path, identity, decision, verdict].join());

/** All bytes of all files, by file. */
const content = (): [string, Buffer][] =>
  readdirSync(workspace, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => [file, readFileSync(file)]);

/** What of an image lies in the workspace: its crops' bytes, and its row of every tensor with a row a crop. */
function traces(paths: readonly string[]): Buffer[] {
  const opened = lookIntoWorkspace(workspace);
  const slots = everyImage(opened).flatMap(({ path, slot }) => (paths.includes(path) ? [slot!] : []));
  const crops = opened.database.prepare('SELECT count(*) FROM crops').pluck().get();
  opened.close();
  const size = cropBytes(16);
  const file = readFileSync(join(workspace, 'crops/crops.u8'));
  const vectors = readdirSync(join(workspace, 'embeddings')).flatMap((name) =>
    Object.values(readTensors(join(workspace, 'embeddings', name)).tensors)
      .filter(({ shape }) => shape[0] === crops && shape.length === 2)
      .flatMap(({ shape: [, d], data }) =>
        slots.map((slot) => Buffer.from(data.slice(slot * d, (slot + 1) * d).buffer).subarray(0, 32)),
      ),
  );
  expect(vectors.length).toBe(slots.length * 2); // of the two runs
  return [...slots.map((slot) => file.subarray(slot * size, (slot + 1) * size)), ...vectors];
}

const filesWith = (needles: readonly (Buffer | string)[]): string[] =>
  content().flatMap(([file, bytes]) => (needles.some((needle) => bytes.includes(needle)) ? [file] : []));

let before: string[];
let hers: Buffer[];
const said17 = expect.stringMatching(/^Forgetta Person: forgotten on .*: request 17$/) as string;
const forgotten = ['Bo/3.jpg', 'Cy/the same file.jpg', ...[0, 1, 2, 3, 4, 5].map((take) => `${NAME}/${take}.jpg`)];

beforeAll(async () => {
  for (const name of [NAME, 'Bo', 'Cy', 'Di', 'Ed'])
    for (let take = 0; take < 6; take++) writeFiles(crawl, { [`${name}/${take}.jpg`]: await portrait(name, take) });
  copyFileSync(join(crawl, NAME, '0.jpg'), join(crawl, 'Cy/the same file.jpg'));
  writeFiles(crawl, { [`${NAME}/broken.jpg`]: 'no image' });
  run();
  facesieve('purify', '--out', outside, ...w);
  writeFileSync(join(folder, 'v.csv'), `path,verdict,suggested_identity\nBo/3.jpg,relabel,${NAME}\nDi/1.jpg,hard,\n`);
  writeFileSync(join(folder, 'v2.csv'), `path,verdict,suggested_identity\nDi/2.jpg,relabel,${NAME}\n`);
  writeFileSync(join(folder, 'v3.csv'), `path,verdict\nDi/2.jpg,keep\n`);
  for (const file of ['v.csv', 'v2.csv', 'v3.csv']) facesieve('decisions', 'import', join(folder, file), ...w);
  for (const file of [sent, changed]) facesieve('report', '--out', file, ...w);
  appendFileSync(changed, 'a note of somebody');
  before = said();
  hers = traces(forgotten);
});

describe('forget', () => {
  it('names the nearest when a name is mistyped, and touches nothing', () => {
    const { code, json } = facesieveJson('forget', 'Forgeta Person', '--yes', ...w);
    expect([code, json.error.name]).toEqual([2, 'UnknownNameError']);
    expect(json.error.suggestions).toEqual([`Did you mean "${NAME}"?`]);
    expect(facesieveJson('forget', 'Bo/33.jpg', ...w).json.error.suggestions[0]).toContain('Bo/3.jpg');
    expect(facesieve('forget', ...w).code).toBe(64);
    expect(facesieve('forget', NAME, '--yess', ...w).code).toBe(64);
  });

  it('without --yes tells what would go, and changes nothing', () => {
    const { json, code } = facesieveJson('forget', NAME, ...w);
    expect(code).toBe(0);
    expect(json).toMatchObject({ dryRun: true, identities: 1, images: 9, crops: 8, embeddings: 16, decisions: 8 });
    expect(json).toMatchObject({ copies: ['Cy/the same file.jpg'], reports: 2 + 1, purified: 1 });
    expect(said()).toEqual(before);
    expect(filesWith([hers[0]])).toHaveLength(1);
  });

  it('with --yes leaves nothing of it in any file, and the other decisions as they were', () => {
    const rehearsed = facesieveJson('forget', NAME, ...w).json;
    const { json, code } = facesieveJson('forget', NAME, '--yes', '--reason', 'request 17', ...w);
    expect(code).toBe(0);
    expect(json).toEqual({ ...rehearsed, dryRun: false, searched: expect.objectContaining({ needles: 1 + 9 + 8 }) });
    expect(json.found).toEqual([]);
    expect(json.left.join('\n')).toContain(outside);
    expect(json.left.join('\n')).toContain(`changed since it was written: ${changed}`);
    expect([existsSync(sent), existsSync(changed)]).toEqual([false, true]);
    expect(json.left.join('\n')).toMatch(/what the network learnt: .*train-/);
    expect(filesWith([NAME, 'the same file', ...hers])).toEqual([]);
    expect(said()).toEqual(before.filter((row) => !forgotten.some((path) => row.startsWith(`${path},`))));
    expect(existsSync(join(crawl, NAME, '0.jpg'))).toBe(true);
    expect(facesieveJson('forget', NAME, ...w)).toMatchObject({ code: 0, json: { images: 0, already: [said17] } });
    const whys = facesieveJson('status', ...w).json.stages.map(({ why }: { why?: string }) => why);
    expect(whys).not.toContain('another network was trained since');
    const explained = facesieveJson('explain', 'Di/2.jpg', ...w).json;
    expect(explained).toMatchObject({ identity: 'Di', verdict: { verdict: 'keep' } });
  });

  it('leaves a workspace that goes on: sift needs no training, verdicts are append-only again', () => {
    const sifted = facesieveJson('sift', '--force', ...w);
    expect(sifted.code, sifted.stdout).toBe(0);
    const opened = lookIntoWorkspace(workspace);
    expect(() => opened.database.exec("UPDATE verdicts SET verdict = 'keep'")).toThrow(/append-only/);
    opened.close();
    const second = facesieveJson('forget', 'Ed/5.jpg', '--yes', ...w); // taken out of what is left
    expect(second.json).toMatchObject({ images: 1, crops: 1, embeddings: 2, embeddingFiles: 0 });
    expect(facesieve('sift', '--force', ...w).code).toBe(0);
  });

  it('does not come back: not by its path, not by its bytes under another name, not by its identity', async () => {
    copyFileSync(join(crawl, NAME, '1.jpg'), join(crawl, 'Di/moved.jpg'));
    writeFiles(crawl, { [`${NAME}/new.jpg`]: await portrait(NAME, 99), 'Di/new.jpg': await portrait('Di', 99) });
    const { json, stdout } = run();
    expect(json.images, stdout).toBe(31 - 8 - 1 + 1);
    expect(json.identities).toBe(4);
    expect(rows().map(({ path }) => path)).toContain('Di/new.jpg');
    expect(filesWith([NAME, 'Di/moved.jpg', 'the same file', ...hers.slice(0, 8)])).toEqual([]);
    const ledger = readFileSync(join(workspace, 'purified/ledger.csv'), 'utf8');
    expect(ledger.match(/^\(forgotten\) [0-9a-f]{16},,skipped,facesieve,forgotten on .*: request 17,/gm)).toHaveLength(
      9 + 2,
    );
  });
});
