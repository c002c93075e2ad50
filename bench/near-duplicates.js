// Whether copies are found: copies of several hundred images of lfw5a and a part of lfw10a, made by kind (saved anew,
// resized, cropped, mirrored, and two of these), half of them under another name, through the real program. Kinds of
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

async function measureSetup(setup, { folder, copies }) {
  const workspace = join(bench, `near-duplicates-${seed}-${setup}`);
  const w = ['-w', workspace];
  const flags = [...setups[setup], ...(process.env.FLAGS?.split(' ') ?? [])];
  facesieve('ingest', folder, ...w, ...(setup === 'pretrained' ? ['--align', 'auto', '--size', '112'] : []));
  facesieve('train', ...w, ...flags);
  facesieve('embed', ...w);
  const start = performance.now();
  const sift = facesieve('sift', ...w, '--force');
  const seconds = (performance.now() - start) / 1000;
  const database = new Sqlite(join(workspace, 'facesieve.db'), { readonly: true });
  const rows = database.prepare('SELECT path, decision, evidence FROM decisions WHERE run = ?').all(sift.run);
  return { setup, images: rows.length, seconds, copies: sift.copies, ...judge(rows, copies) };
}

/** Recall: copy and original are said to be one photograph. Precision: of the pairs told, those injected or looked at. */
function judge(rows, copies) {
  const told = rows.flatMap(({ path, evidence }) =>
    (JSON.parse(evidence).sameAs ?? []).map((other) => [path, other.path].sort()),
  );
  const pairs = [...new Map(told.map((pair) => [pair.join(' '), pair])).values()];
  const found = groupsOf(pairs);
  const truth = groupsOf([...copies.map(({ copy, original }) => [copy, original]), ...naturalCopies]);
  const isRight = ([a, b]) => truth(a) === truth(b);
  const isNatural = ([a, b]) => injected(a) !== injected(b);
  const injected = groupsOf(copies.map(({ copy, original }) => [copy, original]));
  const recall = Object.keys(kinds).map((kind) => {
    const own = copies.filter((copy) => copy.kind === kind);
    const hits = (list) => list.filter(({ copy, original }) => found(copy) === found(original)).length;
    const across = own.filter((copy) => copy.across);
    return { kind, injected: own.length, found: hits(own), across: across.length, foundAcross: hits(across) };
  });
  return {
    recall,
    told: pairs.length,
    natural: pairs.filter((pair) => isNatural(pair) && isRight(pair)),
    wrong: pairs.filter((pair) => !isRight(pair)),
    missed: copies.filter(({ copy, original }) => found(copy) !== found(original)),
    decisions: copies.map(({ copy, across }) => ({
      across,
      decision: rows.find(({ path }) => path === copy).decision,
    })),
  };
}

/** Not injected, looked at, and the same photograph: LFW holds some twice. */
const naturalCopies = [['Ari_Fleischer/Ari_Fleischer_0006.jpg', 'Ari_Fleischer/Ari_Fleischer_0011.jpg']];

/** @returns path -> name of its group */
function groupsOf(pairs) {
  const above = new Map();
  const find = (path) => (above.has(path) ? find(above.get(path)) : path);
  for (const [a, b] of pairs) if (find(a) !== find(b)) above.set(find(a), find(b));
  return find;
}

export async function measure() {
  const injected = await inject();
  const results = [];
  for (const setup of chosen) results.push(await measureSetup(setup, injected));
  return results;
}

const sum = (items, key) => items.reduce((total, item) => total + item[key], 0);

export const describe = (results) =>
  results
    .map(({ setup, images, seconds, recall, told, natural, wrong, missed, copies, decisions }) => {
      const [all, hits] = [sum(recall, 'injected'), sum(recall, 'found')];
      const count = (across, name) => decisions.filter((d) => d.across === across && d.decision === name).length;
      return [
        `${setup}: ${images} images, ${all} copies among them`,
        '',
        '| kind | copies | found | of those under another name | found |',
        '|---|---|---|---|---|',
        ...recall.map((r) => `| ${r.kind} | ${r.injected} | ${r.found} | ${r.across} | ${r.foundAcross} |`),
        `| all | ${all} | ${hits} | ${sum(recall, 'across')} | ${sum(recall, 'foundAcross')} |`,
        '',
        `recall ${(hits / all).toFixed(4)}, precision ${(1 - wrong.length / told).toFixed(4)} (${told} pairs told, ${natural.length} of them through copies LFW has itself)`,
        `pairs by kind: ${JSON.stringify(copies)}; sift took ${seconds.toFixed(1)} s`,
        `copies under their own name: ${count(false, 'duplicate')} duplicate; under another: ${count(true, 'drop') + count(true, 'relabel')} called noise, ${count(true, 'review')} review`,
        ...wrong.map(([a, b]) => `not injected: ${a} ${b}`),
        ...missed.slice(0, 20).map(({ kind, copy, original }) => `missed: ${kind} ${copy} ${original}`),
      ].join('\n');
    })
    .join('\n\n');
