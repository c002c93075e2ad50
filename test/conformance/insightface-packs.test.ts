import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { randomOf } from '../../src/core/random.js';
import { resolveConfig } from '../../src/core/resolve-config.js';
import { alignFace } from '../../src/faces/align-face.js';
import type { Detection } from '../../src/faces/face.js';
import { openFaceDetector } from '../../src/faces/face-detectors.js';
import { ordinary } from '../../src/synthetic/demo/conditions.js';
import { drawFace } from '../../src/synthetic/demo/draw-face.js';
import { makePerson } from '../../src/synthetic/demo/person.js';
import { encodePng, type RgbImage } from '../../src/images/encode.js';
import { featuresOf } from '../../src/model/frozen/features.js';
import { faceModels } from '../../src/model/frozen/face-models.js';
import { frozenModel } from '../../src/model/frozen/frozen-model.js';
import { packNamed } from '../../src/model/frozen/insightface/find-pack.js';
import { randomPacks, writePacks } from '../helpers/insightface-packs.js';
import { longLivedFolder, writeFiles } from '../helpers/tiny-crawl.js';

/** A Python with insightface: .ci/run makes one. With FACESIEVE_GOLDEN=write what it finds becomes the golden file. */
const python = process.env.FACESIEVE_INSIGHTFACE_REFEREE;
const script = join(import.meta.dirname, '../golden/insightface-packs.py');
const goldenFile = script.replace('.py', '.json');

interface Face {
  box: [left: number, top: number, right: number, bottom: number, score: number];
  points?: [x: number, y: number][];
  crop?: number[];
  embedding?: number[];
}
interface Golden {
  insightface: string;
  opencv: string;
  found: Record<string, Face[]>;
}

/** A drawn face somewhere in grey, as wide and high as asked. */
function picture(name: string, width: number, height: number, side: number): RgbImage {
  const random = randomOf('picture for insightface', name);
  const face = drawFace(makePerson(random), ordinary(random), side, random);
  const data = new Uint8Array(width * height * 3);
  const cell = Math.ceil(height / 40); // a mosaic round it
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const [u, v] = [x - Math.floor((width - side) / 3), y - Math.floor((height - side) / 2)];
      const inside = u >= 0 && v >= 0 && u < side && v < side;
      for (let channel = 0; channel < 3; channel++)
        data[3 * (y * width + x) + channel] = inside
          ? face.data[3 * (v * side + u) + channel]
          : 40 +
            ((Math.floor(x / cell) * 37 +
              Math.floor(y / cell) * 61 +
              channel * 53 +
              Math.floor(x / cell) * Math.floor(y / cell) * 29) %
              170);
    }
  return { data, width, height };
}

const images: Record<string, RgbImage> = {
  large: picture('large', 1300, 900, 700),
  small: picture('small', 150, 130, 120),
  tall: picture('tall', 211, 640, 180),
  twice: picture('twice', 1280, 1280, 800), // exactly twice the detector's view
};
const folder = longLivedFolder();
const backboneOf = (pack: string): string => `insightface:${join(folder, 'packs', pack)}`;

async function detect(pack: string, image: RgbImage): Promise<Detection[]> {
  const detector = await openFaceDetector(faceModelsOf(pack), 2);
  return detector.detect(image).finally(() => detector.dispose());
}

/** The pack's detector, whether it finds points or not. */
function faceModelsOf(pack: string) {
  const { detector } = packNamed(join(folder, 'packs', pack));
  return detector!.points ? faceModels(backboneOf(pack)).detector : ({ kind: 'scrfd', ...detector! } as const);
}

function expectNear(ours: readonly number[], theirs: readonly number[], most: number, what: string): void {
  expect(ours.length, what).toBe(theirs.length);
  expect(Math.max(...ours.map((value, i) => Math.abs(value - theirs[i]))), what).toBeLessThan(most);
}

const flat = (points: readonly { x: number; y: number }[]): number[] => points.flatMap(({ x, y }) => [x, y]);

async function embed(pack: string, crops: readonly Uint8Array[]): Promise<number[][]> {
  const model = frozenModel(resolveConfig({ backbone: backboneOf(pack) }));
  const fill = (i: number, into: Uint8Array, at: number): void => into.set(crops[i], at);
  const supply = { count: crops.length, size: 112, fill };
  const { upright, dimensions } = await featuresOf(
    model,
    { threads: 2, device: 'cpu' },
    supply,
    undefined,
    () => undefined,
  );
  return crops.map((_, i) => [...upright.subarray(i * dimensions, (i + 1) * dimensions)]);
}

async function expectAlike(pack: string, image: RgbImage, theirs: readonly Face[]): Promise<void> {
  const ours = await detect(pack, image);
  expect(ours.length).toBe(theirs.length);
  ours.forEach(({ left, top, right, bottom, score, points }, i) => {
    const { box, points: five } = theirs[i];
    expectNear([left, top, right, bottom], box.slice(0, 4), 0.01, `box ${i}`);
    expect(score).toBeCloseTo(box[4], 4);
    expect(points === undefined).toBe(five === undefined);
    if (points) expectNear(flat(points), five!.flat(), 0.01, `points ${i}`);
  });
  const told = theirs.filter(({ crop }) => crop);
  const crops = told.map((_, i) => alignFace(image, ours[i].points!, 112, 'insightface'));
  crops.forEach((crop, i) => expectNear(everySixteenth(crop), told[i].crop!, 2, `crop ${i}`));
  const embeddings = crops.length > 0 ? await embed(pack, crops) : [];
  embeddings.forEach((embedding, i) => {
    const size = Math.hypot(...told[i].embedding!);
    expectNear(embedding, told[i].embedding!, 0.001 * size, `embedding ${i}`);
  });
}

const everySixteenth = (crop: Uint8Array): number[] =>
  Array.from({ length: 7 * 7 * 3 }, (_, i) => {
    const [row, column, channel] = [Math.floor(i / 21), Math.floor(i / 3) % 7, i % 3];
    return crop[3 * (16 * row * 112 + 16 * column) + channel];
  });

const cases = Object.keys(randomPacks()).flatMap((pack) => Object.keys(images).map((image) => [pack, image] as const));

beforeAll(() => writePacks(join(folder, 'packs')));

describe('boxes, points, crops and embeddings are those that insightface found', () => {
  const golden = JSON.parse(readFileSync(goldenFile, 'utf8')) as Golden;
  it.each(cases)('pack %s, image %s', async (pack, image) => {
    await expectAlike(pack, images[image], golden.found[`${pack} ${image}`]);
  });

  it('and there is something to find in every image', () => {
    for (const [name, faces] of Object.entries(golden.found)) expect(faces.length, name).toBeGreaterThan(1);
  });
});

describe.skipIf(!python)('insightface itself', () => {
  it('finds the same today', async () => {
    for (const [name, image] of Object.entries(images))
      writeFiles(join(folder, 'images'), { [`${name}.png`]: await encodePng(image) });
    const { status, stdout, stderr } = spawnSync(python!, [script, folder], { encoding: 'utf8', maxBuffer: 1 << 28 });
    expect(status, stderr).toBe(0);
    if (process.env.FACESIEVE_GOLDEN === 'write') writeFileSync(goldenFile, stdout);
    const { found } = JSON.parse(stdout) as Golden;
    expect(Object.keys(found).length).toBe(cases.length);
    for (const [pack, image] of cases) await expectAlike(pack, images[image], found[`${pack} ${image}`]);
  });
});
