import { cpSync, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { sha256 } from '../../src/core/fingerprint.js';
import { randomOf } from '../../src/core/random.js';
import { resolveConfig } from '../../src/core/resolve-config.js';
import { dot, rowOf, unitRows } from '../../src/core/vectors.js';
import { slimGraph } from '../../src/engine/onnx/slim/slim-graph.js';
import { embeddingProgram } from '../../src/model/embedding-network.js';
import { importOnnx } from '../../src/model/foreign/import-onnx.js';
import { cutImage } from '../../src/faces/cut-image.js';
import { openFaceFinder } from '../../src/faces/face-finder.js';
import { decodeCrop } from '../../src/images/decode.js';
import { ingest } from '../../src/pipeline/ingest.js';
import { faceModels } from '../../src/model/frozen/face-models.js';
import { allImages } from '../../src/workspace/images.js';
import { contextOf } from '../helpers/context.js';
import { onnx, randomInputs } from '../helpers/engines.js';
import { mayPull } from '../helpers/installed.js';
import { featuresOf, meanFeatures } from '../../src/model/frozen/features.js';
import { frozenModel, pretrainedNamed } from '../../src/model/frozen/frozen-model.js';
import { pullModel } from '../../src/model/frozen/pull-model.js';
import { longLivedFolder } from '../helpers/tiny-crawl.js';

const faces = resolve(import.meta.dirname, '../../../shared/data/lfw10a');
const PEOPLE = 10;
const IMAGES = 5;

/** Standard deviations between the cosines of the same person's images and of others'. */
async function separation(channels: 'rgb' | 'bgr'): Promise<number> {
  const paths = readdirSync(faces)
    .slice(0, PEOPLE)
    .flatMap((name) =>
      readdirSync(join(faces, name))
        .slice(0, IMAGES)
        .map((file) => join(faces, name, file)),
    );
  const geometry = { size: 112, align: 'center' as const, share: 0.52 };
  const crops = await Promise.all(
    paths.map(async (path) => (await decodeCrop(await readFile(path), geometry, 1e8)).crop),
  );
  const model = frozenModel(resolveConfig({ backbone: 'pretrained:mobilefacenet', pixelChannels: channels }));
  const fill = (i: number, target: Uint8Array, offset: number): void => target.set(crops[i], offset);
  const supply = { count: crops.length, size: 112, fill };
  const features = await featuresOf(model, { threads: 2, device: 'cpu' }, supply, undefined, () => undefined);
  expect(features.dimensions).toBe(512);
  const rows = unitRows({ data: meanFeatures(features), rows: crops.length, dimensions: 512 });
  const cosines: [number[], number[]] = [[], []];
  for (let a = 0; a < rows.rows; a++)
    for (let b = 0; b < a; b++)
      cosines[Number(Math.floor(a / IMAGES) === Math.floor(b / IMAGES))].push(dot(rowOf(rows, a), rowOf(rows, b)));
  const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const spread = (values: number[]): number => mean(values.map((value) => (value - mean(values)) ** 2));
  return (mean(cosines[1]) - mean(cosines[0])) / Math.sqrt((spread(cosines[0]) + spread(cosines[1])) / 2);
}

describe.skipIf(!mayPull)('the pulled MobileFaceNet', () => {
  const model = pretrainedNamed('mobilefacenet');
  beforeAll(async () => {
    process.env.FACESIEVE_CACHE = longLivedFolder();
    await pullModel(model);
  });

  it('comes with what its catalogue entry says, and nothing else', async () => {
    expect(readdirSync(await pullModel(model)).sort()).toEqual(Object.values(model.files).sort());
  });

  it('is kept without the channels that make no difference, and nothing is left to take out', async () => {
    const file = join(await pullModel(model), model.embedder);
    expect(statSync(file).size).toBeLessThan(0.75 * 4_884_269); // as the package has it
    expect(slimGraph(file, readFileSync(file))).toMatchObject({ dead: 0, duplicate: 0 });
  });

  it('becomes a network of ours that embeds as ONNX Runtime runs it', async () => {
    const { file, preprocessing } = frozenModel(resolveConfig({ backbone: 'pretrained:mobilefacenet' }));
    const { network, weights } = importOnnx(file, readFileSync(file), preprocessing);
    const program = embeddingProgram(network, 4);
    const { images } = randomInputs(program.inputs, randomOf('crops')) as { images: Uint8Array };
    const ours = await onnx.load(program, weights, { frozen: true });
    const { embedding } = await ours.run({ images });
    await ours.dispose();
    const length = 112 * 112 * 3;
    const fill = (i: number, target: Uint8Array, offset: number): void =>
      target.set(images.subarray(i * length, (i + 1) * length), offset);
    const features = await featuresOf(
      ...([
        { file, preprocessing, sha256: '' },
        { threads: 2, device: 'cpu' },
        { count: 4, size: 112, fill },
      ] as const),
      undefined,
      () => undefined,
    );
    const { data } = unitRows({ data: meanFeatures(features), rows: 4, dimensions: 512 });
    embedding.forEach((value, i) => expect(Math.abs(value - data[i])).toBeLessThan(1e-5));
  });

  it.skipIf(!existsSync(faces))('tells people apart, and wants its channels in the order BGR', async () => {
    const [bgr, rgb] = [await separation('bgr'), await separation('rgb')];
    expect(bgr).toBeGreaterThan(3);
    expect(bgr).toBeGreaterThan(rgb);
  });

  const aligned = { align: 'auto', size: 112 } as const;
  it.skipIf(!existsSync(faces))(
    'finds and aligns faces, alike on any number of threads, and says where there is none',
    async () => {
      const crawl = longLivedFolder();
      cpSync(join(faces, readdirSync(faces)[0]), join(crawl, 'A'), { recursive: true });
      await sharp({ create: { width: 300, height: 200, channels: 3, background: '#7a8' } }).toFile(
        join(crawl, 'A', 'wall.png'),
      );
      const results = [];
      for (const threads of [1, 3]) {
        const context = contextOf(longLivedFolder(), { ...aligned, threads });
        const { result } = await ingest(context, crawl);
        expect(result).toMatchObject({ noFace: 1, unreadable: 0, skipped: 0 });
        const rows = allImages(context.workspace);
        results.push([rows, sha256(readFileSync(context.workspace.file('crops', 'crops.u8')))]);
      }
      expect(results[1]).toEqual(results[0]);
    },
  );

  it.skipIf(!existsSync(faces))('finds a face of 40 pixels in a photograph of 4,000', async () => {
    const name = readdirSync(faces)[0];
    const face = await sharp(join(faces, name, readdirSync(join(faces, name))[0]))
      .resize(90, 90)
      .toBuffer(); // the frame is twice the face
    const wall = sharp({ create: { width: 4000, height: 3000, channels: 3, background: '#998' } });
    const photograph = await wall
      .composite([{ input: face, left: 2710, top: 1990 }])
      .jpeg()
      .toBuffer();
    const finder = await openFaceFinder(faceModels(''), 2);
    const { crops, hasFace } = await cutImage(photograph, { ...aligned, share: 1 }, 1e8, finder);
    await finder.dispose();
    expect(hasFace).toBe(true);
    const { left, top, height } = crops[0].facts.face!;
    expect([left > 2710 && left < 2800, top > 1990 && top < 2080, height < 60]).toEqual([true, true, true]);
  });
});
