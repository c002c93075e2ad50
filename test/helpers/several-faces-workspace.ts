import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { crc32c } from '../../src/core/checksum.js';
import { sha256 } from '../../src/core/fingerprint.js';
import { randomOf } from '../../src/core/random.js';
import { resolveConfig } from '../../src/core/resolve-config.js';
import { CropWriter } from '../../src/images/crop-file.js';
import { encodePng, type RgbImage } from '../../src/images/encode.js';
import { resample } from '../../src/images/resample.js';
import { writeCheckpoint } from '../../src/model/checkpoint.js';
import { ordinary } from '../../src/synthetic/demo/conditions.js';
import { drawFace } from '../../src/synthetic/demo/draw-face.js';
import { makePerson } from '../../src/synthetic/demo/person.js';
import { cropFileOf, currentFingerprint } from '../../src/workspace/dataset.js';
import { embeddingFileOf, writeEmbeddings } from '../../src/workspace/embedding-file.js';
import { insertImages } from '../../src/workspace/images.js';
import { checkpointFileOf, recordRun } from '../../src/workspace/runs.js';
import { openWorkspace, writeFact } from '../../src/workspace/workspace.js';

const SIDE = 120;
const CROP = 32;
const D = 24;
const each = 6;
const people = ['Ada', 'Bob', 'Cy', 'Dee'];

/** Who is in the photographs of a name, from left to right. Eve and her companion are in both of hers: nobody knows who is who. */
const photographs = [
  ...people.flatMap((name) =>
    Array.from({ length: each }, (_, i) => ({ name, shown: i === 0 ? [name, `${name}'s friend`] : [name] })),
  ),
  ...[0, 1].map((i) => ({ name: 'Eve', shown: ['companion', 'Eve', `passer-by ${i}`] })),
];

/**
 * A workspace as `ingest --align auto`, `train` and `embed` leave it, of drawn photographs: the first of four people's six has
 * a second face, and both of Eve's have three, of which two come again. The features are made.
 * @returns the workspace and the crawl
 */
export async function severalFacesWorkspace(folder: string): Promise<{ workspace: string; crawl: string }> {
  const [crawl, workspace] = [join(folder, 'crawl'), join(folder, 'workspace')];
  const opened = openWorkspace(workspace);
  const config = resolveConfig({ align: 'auto', size: CROP, embeddingSize: D });
  const random = randomOf('several faces');
  const crops = new CropWriter(cropFileOf(opened), CROP, 0);
  const features: number[] = [];
  writeFact(opened, 'source', crawl);
  writeFact(opened, 'sources', JSON.stringify({ source: crawl, format: 'folder', also: [], options: {} }));
  writeFact(opened, 'crop', JSON.stringify({ size: CROP, align: 'auto', share: 1 }));
  const numbers = new Map<string, number>();
  let slot = 0;
  for (const [id, { name, shown }] of photographs.entries()) {
    const number = numbers.get(name) ?? 0;
    numbers.set(name, number + 1);
    const path = `${name}/${number}.png`;
    const photo = sideBySide(shown.map((person) => drawn(person, id)));
    const bytes = await encodePng(photo);
    mkdirSync(dirname(join(crawl, path)), { recursive: true });
    writeFileSync(join(crawl, path), bytes);
    const own = shown.map((person, face) => {
      const box = { left: face * SIDE + 12, top: 10, width: SIDE - 24, height: SIDE - 16 };
      const { left, top } = box;
      const area = { left, top, right: left + box.width, bottom: top + box.height };
      const crop = resample(photo, area, CROP, CROP);
      crops.append(crop);
      features.push(...featureOf(person, id));
      const facts = { sharpness: 200, brightness: 120, contrast: 50, face: { ...box, score: 0.99, roll: 0, yaw: 0 } };
      return { slot: slot + face, image: id, face, facts, crc: crc32c(crop) };
    });
    const size = {
      width: photo.width,
      height: photo.height,
      dhash: random
        .integer(2 ** 30)
        .toString(16)
        .padStart(16, '0'),
    };
    const found = {
      error: null,
      state: 'ok',
      role: 'set',
      place: JSON.stringify({ file: join(crawl, path) }),
    } as const;
    insertImages(opened, [{ id, path, identity: name, sha256: sha256(bytes), slot, ...size, ...found }], own);
    slot += shown.length;
  }
  crops.close();
  const identities = [...people, 'Eve'];
  recordRun(opened, {
    id: 'train-1',
    stage: 'train',
    parent: null,
    config: { ...config, train: { ...config.train, subcenters: 1 } },
    inputs: { dataset: currentFingerprint(opened) },
  });
  writeFact(opened, 'current:train', 'train-1');
  const matrix = { rows: slot, dimensions: D, data: Float32Array.from(features) };
  const norms = new Float32Array(slot).fill(10);
  writeEmbeddings(embeddingFileOf(opened, 'train-1'), {
    vectors: matrix,
    norms,
    untouched: matrix,
    untouchedNorms: norms,
  });
  const head = Float32Array.from(identities.flatMap((name) => directionOf(name)));
  const [sum, count] = [new Float32Array(photographs.length).fill(0.5), new Float32Array(photographs.length).fill(1)];
  const progress = {
    ...{ epoch: 1, step: 0, lossSum: 0, angleSum: 0, images: 0, relabelled: 0 },
    history: [],
    seconds: 1,
  };
  writeCheckpoint(
    checkpointFileOf(opened, 'train-1'),
    { run: 'train-1', progress, identities, state: { head, 'margins.sum': sum, 'margins.count': count } },
    {
      head: { shape: [identities.length, D], dtype: 'float32' },
      'margins.sum': { shape: [sum.length], dtype: 'float32' },
      'margins.count': { shape: [count.length], dtype: 'float32' },
    },
  );
  opened.close();
  return { workspace, crawl };
}

function drawn(person: string, take: number): RgbImage {
  const random = randomOf('several faces', person, take);
  return drawFace(makePerson(randomOf('drawn person', person)), ordinary(random), SIDE, random);
}

function sideBySide(pictures: readonly RgbImage[]): RgbImage {
  const width = SIDE * pictures.length;
  const data = new Uint8Array(width * SIDE * 3);
  pictures.forEach((picture, i) => {
    for (let y = 0; y < SIDE; y++)
      data.set(picture.data.subarray(3 * y * SIDE, 3 * (y + 1) * SIDE), 3 * (y * width + i * SIDE));
  });
  return { data, width, height: SIDE };
}

function directionOf(person: string): number[] {
  const random = randomOf('direction', person);
  return unit(Array.from({ length: D }, () => random.normal()));
}

/** Near the person's direction, another way in each photograph. */
function featureOf(person: string, photograph: number): number[] {
  const random = randomOf('feature', person, photograph);
  return unit(directionOf(person).map((value) => value + 0.1 * random.normal()));
}

function unit(values: number[]): number[] {
  const length = Math.hypot(...values);
  return values.map((value) => value / length);
}
