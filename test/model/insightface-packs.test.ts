import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { packsTable } from '../../src/cli/packs-table.js';
import { FacesieveError } from '../../src/core/errors.js';
import { resolveConfig } from '../../src/core/resolve-config.js';
import { readOutline } from '../../src/engine/onnx/graph-outline.js';
import { cropImages } from '../../src/pipeline/evaluate/embed-images.js';
import { ingest } from '../../src/pipeline/ingest.js';
import { faceModels, nameOfFaceModels } from '../../src/model/frozen/face-models.js';
import { frozenModel } from '../../src/model/frozen/frozen-model.js';
import { foundPacks, packNamed, packNotice } from '../../src/model/frozen/insightface/find-pack.js';
import { readPack } from '../../src/model/frozen/insightface/read-pack.js';
import { listPacks } from '../../src/model/list-networks.js';
import { currentFingerprint } from '../../src/workspace/dataset.js';
import { train } from '../../src/pipeline/train.js';
import { contextOf } from '../helpers/context.js';
import { portraitOf } from '../helpers/drawn-portrait.js';
import { randomDetector, randomEmbedder, randomPacks, writePack } from '../helpers/insightface-packs.js';
import { temporaryFolder, tinyCrawl, writeFiles } from '../helpers/tiny-crawl.js';

type Files = Record<string, Uint8Array | string>;
const packs = randomPacks();
const folderOf = (files: Files): string => writePack(join(temporaryFolder(), 'pack'), files);
const detector = packs.usual['det_10g.onnx'];
const embedder = packs.usual['w600k_r50.onnx'];

/** What went wrong and what to do, in one text. */
function refusal(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (!(error instanceof FacesieveError)) throw error;
    return [error.message, ...error.suggestions].join('\n');
  }
  throw new Error('it was not refused');
}

beforeEach(() => {
  vi.stubEnv('HOME', temporaryFolder());
  vi.stubEnv('FACESIEVE_CACHE', temporaryFolder());
  vi.stubEnv('INSIGHTFACE_HOME', '');
  vi.stubEnv('INSIGHTFACE_ROOT', '');
});
afterEach(() => vi.unstubAllEnvs());

describe('the files of a pack are told apart by their shapes', () => {
  it('one embeds, one finds faces, and those for landmarks and age are neither', () => {
    const pack = readPack(folderOf(packs.usual));
    expect(basename(pack.embedder.file)).toBe('w600k_r50.onnx');
    expect(basename(pack.detector!.file)).toBe('det_10g.onnx');
    expect(pack.detector).toMatchObject({ points: true, mean: 127.5, scale: 128 });
  });

  it('of several the first by name is taken, as insightface does', () => {
    const pack = readPack(folderOf({ 'b.onnx': embedder, 'a.onnx': embedder, 'z.onnx': detector, 'y.onnx': detector }));
    expect([pack.embedder.file, pack.detector!.file].map((file) => basename(file))).toEqual(['a.onnx', 'y.onnx']);
  });

  it('weights that old files list among the inputs are no inputs', () => {
    const file = join(folderOf({ 'a.onnx': randomEmbedder('a', { weightsAsInputs: true }) }), 'a.onnx');
    expect(readOutline(file).inputs.map(({ name }) => name)).toEqual(['data']);
    expect(basename(readPack(join(file, '..')).embedder.file)).toBe('a.onnx');
  });

  it.each([
    ['as they are where the network begins with Sub and Mul', true, { channels: 'rgb', mean: 0, scale: 1 }],
    ['from -1 to 1 otherwise', false, { channels: 'rgb', mean: 127.5, scale: 127.5 }],
  ])('the embedder gets pixels %s', (_, prepares, preprocessing) => {
    const folder = folderOf({ 'a.onnx': randomEmbedder('a', { prepares }) });
    expect(frozenModel(resolveConfig({ backbone: `insightface:${folder}` })).preprocessing).toEqual(preprocessing);
  });

  it('a manifest says which files, and how they want their pixels', () => {
    const pack = readPack(folderOf(packs.manifest));
    expect(pack).toMatchObject({ embedder: { mean: 0, scale: 1 }, detector: { points: true, mean: 100, scale: 90 } });
    expect(pack.detector!.file.endsWith(join('networks', 'find.onnx'))).toBe(true);
    expect(pack.licence).toMatch(/MODEL\.LICENSE$/);
  });

  it('a manifest of another version is not heeded, as insightface does not', () => {
    const manifest = (packs.manifest['manifest.json'] as string).replace(
      '"manifest_version":2',
      '"manifest_version":1',
    );
    const pack = readPack(folderOf({ ...packs.usual, 'manifest.json': manifest }));
    expect(basename(pack.detector!.file)).toBe('det_10g.onnx');
  });
});

describe('where a pack is looked for', () => {
  it.each([
    ['INSIGHTFACE_HOME', () => process.env.INSIGHTFACE_HOME!],
    ['INSIGHTFACE_ROOT', () => process.env.INSIGHTFACE_ROOT!],
    ['~/.insightface', () => join(process.env.HOME!, '.insightface')],
  ])('%s', (name, root) => {
    if (name.startsWith('INSIGHT')) vi.stubEnv(name, temporaryFolder());
    const folder = writePack(join(root(), 'models', 'buffalo_l'), packs.usual);
    writePack(join(root(), 'models', 'half'), { 'det.onnx': detector });
    expect(packNamed('buffalo_l').folder).toBe(folder);
    expect(packNamed(folder).folder).toBe(folder);
    expect(foundPacks().map(({ name, problem }) => [name, problem === null])).toEqual([
      ['buffalo_l', true],
      ['half', false],
    ]);
  });

  it('they are listed with their files and licence, and what is none with the reason', () => {
    expect(packsTable(listPacks()).join('\n')).toContain(join(process.env.HOME!, '.insightface', 'models'));
    writePack(join(process.env.HOME!, '.insightface', 'models', 'buffalo_l'), packs.usual);
    writePack(join(process.env.HOME!, '.insightface', 'models', 'half'), { 'det.onnx': detector });
    const text = packsTable(listPacks()).join('\n');
    expect(text).toMatch(/insightface:buffalo_l\s+w600k_r50\.onnx\s+det_10g\.onnx/);
    expect(text).toContain('research only, non-commercial');
    expect(text).toMatch(/half" is not a pack of insightface: none of its files/);
  });

  it('a path may begin with ~, which a shell leaves alone behind a colon', () => {
    writePack(join(process.env.HOME!, 'mine'), packs.usual);
    expect(packNamed('~/mine').name).toBe('mine');
  });

  it('a pack brings crops of its size, aligned', () => {
    expect(resolveConfig({ backbone: 'insightface:buffalo_l' })).toMatchObject({
      ingest: { size: 112, align: 'auto' },
    });
  });

  it('the notice names the files and the licence', () => {
    const notice = packNotice(`insightface:${folderOf(packs.usual)}`);
    expect(notice).toContain('w600k_r50.onnx embeds, det_10g.onnx finds faces');
    expect(notice).toContain('research only, non-commercial');
    expect(packNotice('pretrained:mobilefacenet')).toBeUndefined();
  });
});

describe('what is no pack is refused, with the way out', () => {
  const manifestOf = (change: (manifest: { tasks: Record<string, Record<string, unknown>> }) => void): Files => {
    const manifest = JSON.parse(packs.manifest['manifest.json'] as string) as Parameters<typeof change>[0];
    change(manifest);
    return { ...packs.manifest, 'manifest.json': JSON.stringify(manifest) };
  };
  const absurd = (...size: [number, number]): Uint8Array =>
    randomDetector('absurd', { strides: 3, points: true, size });

  it.each<[string, Files, RegExp[]]>([
    ['an empty folder', {}, [/no \.onnx file/, /It is empty/]],
    ['photographs', { 'a.jpg': 'x', 'b.jpg': 'y' }, [/no \.onnx file/, /a\.jpg, b\.jpg/]],
    ['files one folder deeper', { 'deep/a.onnx': embedder }, [/no \.onnx file/, /--backbone insightface:.*deep/]],
    ['no embedder', { 'det.onnx': detector }, [/returns one vector/, /det\.onnx finds faces/]],
    ['faces of another size', { 'a.onnx': randomEmbedder('a', { side: 128 }) }, [/takes 128 x 128 pixels/]],
    ['several images at once', { 'a.onnx': randomEmbedder('a', { batch: 4 }) }, [/takes 4 images at once/]],
    ['rubbish', { 'a.onnx': 'no model at all' }, [/a\.onnx cannot be read.*is not an ONNX model/]],
    ['a file cut short', { 'a.onnx': embedder.slice(0, 500) }, [/a\.onnx cannot be read.*cut short/]],
    ['an empty file', { 'a.onnx': '' }, [/a\.onnx cannot be read.*holds no graph/]],
    ['an absurd detector only', { 'a.onnx': absurd(100_000, 100_000) }, [/100000 x 100000 pixels, which is more/]],
    [
      'a vector of absurd length',
      { 'a.onnx': randomEmbedder('a', { declared: 2 ** 30 }) },
      [/returns no vector of a usual length/],
    ],
  ])('a folder with %s', (_, files, tells) => {
    const folder = folderOf(files);
    const text = refusal(() => packNamed(folder));
    for (const pattern of tells) expect(text).toMatch(pattern);
    expect(text).toContain(folder);
  });

  it.each<[string, Files, RegExp]>([
    [
      'names a file that is not there',
      manifestOf(({ tasks }) => (tasks.recognition.file = 'networks/none.onnx')),
      /lacks "networks\/none\.onnx", which its manifest\.json names for recognition/,
    ],
    [
      'has another hash',
      manifestOf(({ tasks }) => (tasks.detection.sha256 = '0'.repeat(64))),
      /its SHA-256 is another/,
    ],
    ['leads out', manifestOf(({ tasks }) => (tasks.recognition.file = '../x.onnx')), /leads out of the pack/],
    ['has no embedder', manifestOf(({ tasks }) => delete tasks.recognition), /names no file for recognition/],
    ['names no file', manifestOf(({ tasks }) => delete tasks.recognition.file), /tasks\.recognition\.file/],
    [
      'calls a detector an embedder',
      manifestOf(({ tasks }) => (tasks.recognition.file = 'a-decoy.onnx')),
      /should take one face of 112 x 112/,
    ],
    [
      'calls an embedder a detector',
      manifestOf(({ tasks }) => (tasks.detection = { file: 'networks/embed.onnx' })),
      /should return scores, boxes/,
    ],
    [
      'wants another size',
      manifestOf(({ tasks }) => (tasks.recognition.input_size = [224, 224])),
      /224 pixels; only 112/,
    ],
  ])('a manifest that %s', (_, files, tells) => {
    expect(refusal(() => readPack(folderOf(files)))).toMatch(tells);
  });

  it('a name that is not there: where it was looked for, what is there, what it may have meant', () => {
    writePack(join(process.env.HOME!, '.insightface', 'models', 'buffalo_l'), packs.usual);
    const text = refusal(() => packNamed('bufalo_l'));
    expect(text).toContain(join(process.env.HOME!, '.insightface', 'models'));
    expect(text).toContain('Did you mean "buffalo_l"?');
    expect(text).toContain('What is there: buffalo_l');
    expect(refusal(() => packNamed('antelopev2'))).toContain('FaceAnalysis(name="antelopev2")');
    expect(refusal(() => packNamed(''))).toContain('There is no pack ""');
  });

  it('a folder that is not there, and a file', () => {
    const folder = folderOf(packs.usual);
    expect(refusal(() => packNamed(`${folder}x`))).toContain(`There is no folder "${folder}x"`);
    expect(refusal(() => packNamed(join(folder, 'w600k_r50.onnx')))).toContain('a pack is a folder');
  });
});

describe('the networks that find faces', () => {
  const pulled = { 'feature.onnx': 'x', 'detect.onnx': 'y', 'landmark.onnx': 'z' };
  const pull = (): void => writeFiles(join(process.env.FACESIEVE_CACHE!, 'models', 'mobilefacenet'), pulled);
  const modelsOf = (files: Files) => faceModels(`insightface:${folderOf(files)}`);

  it("are the pack's own when it finds points", () => {
    expect(modelsOf(packs.usual)).toEqual({
      detector: { kind: 'scrfd', file: expect.stringMatching(/det_10g\.onnx$/), mean: 127.5, scale: 128 },
    });
  });

  it('are its own and the pulled landmarks when it finds boxes only', () => {
    expect(refusal(() => modelsOf(packs.boxes))).toMatch(/finds boxes only[^]*facesieve model pull mobilefacenet/);
    pull();
    expect(modelsOf(packs.boxes)).toMatchObject({
      detector: { kind: 'scrfd' },
      landmarks: expect.stringMatching(/landmark\.onnx$/),
    });
  });

  it('are the pulled ones when it has none', () => {
    const alone = { 'rec.onnx': embedder };
    expect(refusal(() => modelsOf(alone))).toMatch(/has no network that finds faces[^]*model pull[^]*--align center/);
    pull();
    expect(modelsOf(alone).detector.kind).toBe('ultra-light');
  });

  it('are named by what is in their files, not by where they lie', () => {
    const other = { ...packs.usual, 'det_10g.onnx': randomDetector('other', { strides: 3, points: true }) };
    expect(nameOfFaceModels(modelsOf(packs.usual))).toBe(nameOfFaceModels(modelsOf(packs.usual)));
    expect(nameOfFaceModels(modelsOf(packs.usual))).not.toBe(nameOfFaceModels(modelsOf(other)));
  });
});

describe('a dataset ingested with a pack', () => {
  async function portraits(): Promise<string> {
    const crawl = join(temporaryFolder(), 'crawl');
    for (const person of ['A', 'B', 'C'])
      for (let take = 0; take < 3; take++)
        writeFiles(crawl, { [`${person}/${take}.png`]: await portraitOf(person, take) });
    return crawl;
  }
  const settingsOf = (folder: string) => ({ backbone: `insightface:${folder}`, align: 'auto', size: 112 }) as const;

  it('is another when another detector found its faces, and says the licence once', async () => {
    const crawl = await portraits();
    const folder = folderOf(packs.manifest);
    const notes: string[] = [];
    const context = contextOf(temporaryFolder(), { ...settingsOf(folder), epochs: 1, batchSize: 4 });
    context.progress = { ...context.progress, note: (text) => void notes.push(text) };

    const { result } = await ingest(context, crawl);
    expect(result).toMatchObject({ images: 9, unreadable: 0 });
    expect(result.noFace).toBeLessThan(9);
    const first = currentFingerprint(context.workspace);
    await train(context);
    expect((await ingest(context, crawl)).skipped).toBe(true);
    expect(notes.filter((note) => note.includes('research only'))).toHaveLength(1);

    const image = {
      name: 'A/0.png',
      person: 'A',
      isCrop: false,
      read: () => Promise.resolve(readFileSync(join(crawl, 'A/0.png'))),
    };
    expect(await cropImages(context, [image])).toHaveLength(1);
    const other = folderOf(packs.usual);
    expect(
      (await ingest({ ...context, config: resolveConfig(context.config, settingsOf(other)) }, crawl)).skipped,
    ).toBe(false);
    expect(currentFingerprint(context.workspace)).not.toBe(first);

    writeFileSync(join(other, 'det_10g.onnx'), randomDetector('replaced', { strides: 3, points: true }));
    await expect(cropImages(context, [image])).rejects.toThrow(/found by other networks than those that are here now/);
  });

  it('is not begun when the detector returns too little', async () => {
    const folder = folderOf({
      ...packs.usual,
      'det_10g.onnx': randomDetector('x', { strides: 3, points: true, padded: true }),
    });
    const context = contextOf(temporaryFolder(), settingsOf(folder));
    const crawl = await tinyCrawl(join(temporaryFolder(), 'crawl'), 2, 2);
    await expect(ingest(context, crawl)).rejects.toThrow(/is not a face detector: it returns/);
    expect(existsSync(context.workspace.file('crops', 'crops.u8'))).toBe(false);
  });
});
