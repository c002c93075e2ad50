// Whether copies are found: copies of several hundred images of lfw5a and a part of lfw10a, made by kind (saved anew,
// resized, cropped, mirrored, and two of these), half of them under another name, through the real program. KINDS of
// damage and their ranges are below. SETUPS=pretrained,scratch picks the set-ups; scratch trains for minutes.
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import sharp from 'sharp';
import { randomOf } from '../dist/core/random.js';
import { bench, data, facesieve } from './cli.js';

const setups = {
  pretrained: ['--backbone', 'pretrained:mobilefacenet'],
  scratch: [],
};
const chosen = (process.env.SETUPS ?? 'pretrained').split(',');
const seed = Number(process.env.SEED ?? 1);
const COPIES_A_KIND = 45;
const FROM_LFW10A = 30; // identities

const quality = (random) => ({ quality: Math.round(random.between(30, 95)) });
/** What is done to the picture before it is saved. */
const edits = {
  resized: (image, { width, height }, random) => {
    const factor = 2 ** random.between(Math.log2(0.4), 1);
    return image.resize(Math.round(factor * width), Math.round(factor * height));
  },
  cropped: (image, { width, height }, random) => {
    const [left, right, top, bottom] = Array.from({ length: 4 }, () => random.between(0, 0.1));
    return image.extract({
      left: Math.round(left * width),
      top: Math.round(top * height),
      width: Math.round((1 - left - right) * width),
      height: Math.round((1 - top - bottom) * height),
    });
  },
  mirrored: (image) => image.flop(),
};
const saves = {
  jpeg: (image, random) => image.jpeg(quality(random)),
  webp: (image, random) => image.webp(quality(random)),
  png: (image) => image.png(),
};
/** Kind -> edits, one after another, and how the result is saved; what only edits is saved as a good JPEG. */
const kinds = {
  bytes: { edits: [] },
  png: { edits: [], save: 'png' },
  jpeg: { edits: [], save: 'jpeg' },
  webp: { edits: [], save: 'webp' },
  resized: { edits: ['resized'] },
  cropped: { edits: ['cropped'] },
  mirrored: { edits: ['mirrored'] },
  'resized, jpeg': { edits: ['resized'], save: 'jpeg' },
  'cropped, jpeg': { edits: ['cropped'], save: 'jpeg' },
  'mirrored, jpeg': { edits: ['mirrored'], save: 'jpeg' },
  'cropped, resized': { edits: ['cropped', 'resized'] },
  'cropped, mirrored': { edits: ['cropped', 'mirrored'] },
  'resized, mirrored': { edits: ['resized', 'mirrored'] },
};

async function writeCopy(source, target, kind, random) {
  const { edits: steps, save } = kinds[kind];
  if (kind === 'bytes') return copyFileSync(source, target);
  let bytes = readFileSync(source);
  for (const step of steps) {
    const size = await sharp(bytes).metadata();
    bytes = await edits[step](sharp(bytes), size, random).png().toBuffer();
  }
  const image = sharp(bytes);
  await (save ? saves[save](image, random) : image.jpeg({ quality: 92 })).toFile(target);
}

/** Original images with copies among them. @returns folder, and [{ copy, original, kind }] */
export async function inject() {
  const folder = join(bench, `near-duplicates-${seed}`);
  const list = join(bench, `near-duplicates-${seed}.json`);
  if (existsSync(list)) return { folder, copies: JSON.parse(readFileSync(list, 'utf8')) };
  if (!existsSync(data)) throw new Error(`${data} is not there: this measurement needs its faces.`);
  const people = [
    ...readdirSync(join(data, 'lfw5a')).map((name) => ['lfw5a', name]),
    ...readdirSync(join(data, 'lfw10a'))
      .slice(0, FROM_LFW10A)
      .map((name) => ['lfw10a', name]),
  ];
  const originals = [];
  for (const [set, name] of people) {
    mkdirSync(join(folder, name), { recursive: true });
    for (const file of readdirSync(join(data, set, name))) {
      copyFileSync(join(data, set, name, file), join(folder, name, file));
      originals.push({ identity: name, path: `${name}/${file}` });
    }
  }
  const random = randomOf(seed, 'near-duplicates');
  random.shuffle(originals);
  const copies = [];
  for (const kind of Object.keys(kinds))
    for (let i = 0; i < COPIES_A_KIND; i++) {
      const { identity, path } = originals[copies.length];
      const across = i % 2 === 1;
      const home = across ? random.pick(people.filter(([, name]) => name !== identity))[1] : identity;
      const ending = kinds[kind].save === 'png' ? 'png' : kinds[kind].save === 'webp' ? 'webp' : 'jpg';
      const copy = `${home}/copy-${String(copies.length).padStart(4, '0')}.${ending}`;
      await writeCopy(join(folder, path), join(folder, copy), kind, random);
      copies.push({ copy, original: path, kind, across });
    }
  writeFileSync(list, JSON.stringify(copies));
  return { folder, copies };
}
