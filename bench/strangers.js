// Names joined, divided and found: into lfw10a, ten people get a second name for half of their images, ten pairs of people
// are put under one name, and ten people are taken out, 3 to 12 images of each under wrong names; 100 outsiders with one
// image each lie under wrong names besides. What `identities discover` finds of those ten, by least number of images.
// Environment: SEEDS, ALIGN (auto,center), BACKBONE.
import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomOf } from '../dist/core/random.js';
import { bench, data, facesieve, joined, mean } from './cli.js';

const seeds = (process.env.SEEDS ?? '1,2,3').split(',').map(Number);
const aligns = (process.env.ALIGN ?? 'auto,center').split(',');
const backbone = process.env.BACKBONE ?? 'pretrained:mobilefacenet';
const EACH = 10;
const LEAST = [3, 4, 5];

/** Who gets a second name, who lies under whose name, who is nobody, and where the images of those lie. */
export function planNames(source, seed) {
  const random = randomOf(seed, 'strangers');
  const names = random.shuffle(readdirSync(source).sort());
  const files = (name) =>
    readdirSync(join(source, name))
      .sort()
      .map((file) => join(source, name, file));
  const [halved, hosts, guests, unknown] = [0, 1, 2, 3].map((i) => names.slice(i * EACH, (i + 1) * EACH));
  const placed = new Map(names.map((name) => [name, files(name)]));
  for (const name of halved) {
    const shuffled = random.shuffle([...placed.get(name)]);
    const half = Math.floor(shuffled.length / 2);
    placed.set(`${name}_too`, shuffled.slice(0, half)).set(name, shuffled.slice(half));
  }
  hosts.forEach((host, i) => {
    placed.set(host, [...placed.get(host), ...placed.get(guests[i]).slice(0, placed.get(host).length)]);
    placed.delete(guests[i]);
  });
  const away = new Map(unknown.map((name, i) => [name, random.shuffle(placed.get(name)).slice(0, 3 + i)]));
  for (const name of unknown) placed.delete(name);
  const homes = [...placed.keys()];
  const scatter = (file) => placed.get(homes[random.integer(homes.length)]).push(file);
  for (const images of away.values()) images.forEach(scatter);
  const outsiders = readdirSync(join(data, 'lfw-outsiders')).sort();
  random
    .shuffle(outsiders)
    .slice(0, 100)
    .forEach((file) => scatter(join(data, 'lfw-outsiders', file)));
  return { placed, away, merges: halved.map((name) => [name, `${name}_too`]), splits: hosts };
}

/** The set as links. Returns its folder and the unknown people's images by path. */
export function writeSet({ placed, away }, folder) {
  const paths = new Map();
  for (const [name, files] of placed) {
    mkdirSync(join(folder, name), { recursive: true });
    for (const file of files) {
      const path = `${name}/${file.split('/').at(-1)}`;
      paths.set(file, path);
      if (!existsSync(join(folder, path))) symlinkSync(file, join(folder, path));
    }
  }
  return new Map([...away].map(([name, files]) => [name, files.map((file) => paths.get(file))]));
}

export function measure() {
  const source = joined('lfw10a');
  const rows = [];
  for (const align of aligns)
    for (const seed of seeds) {
      const plan = planNames(source, seed);
      const crawl = join(bench, `strangers-${seed}`);
      const unknown = writeSet(plan, crawl);
      writeFileSync(
        `${crawl}.json`,
        JSON.stringify({ ...plan, placed: undefined, unknown: Object.fromEntries(unknown) }),
      );
      const common = ['-w', join(bench, `strangers-${seed}-${align}`), '--seed', String(seed)];
      facesieve('ingest', crawl, ...common, '--align', align, '--size', '112');
      facesieve('train', ...common, '--backbone', backbone);
      facesieve('embed', ...common);
      facesieve('sift', ...common);
      for (const least of LEAST) {
        const { clusters } = facesieve('identities', 'discover', ...common, '--min', String(least));
        const row = { align, seed, least, ...score(clusters, unknown, least) };
        console.error(JSON.stringify(row));
        rows.push(row);
      }
    }
  return { backbone, rows };
}

/** A cluster is right when most of its images are one unknown person's; of images, those in the right cluster count. */
function score(clusters, unknown, least) {
  const personOf = new Map([...unknown].flatMap(([name, paths]) => paths.map((path) => [path, name])));
  const wanted = [...unknown].filter(([, paths]) => paths.length >= least);
  const found = new Set();
  let [right, inRight, wrongImages] = [0, 0, 0];
  for (const { images } of clusters) {
    const counts = new Map();
    for (const path of images) counts.set(personOf.get(path), (counts.get(personOf.get(path)) ?? 0) + 1);
    const [person, count] = [...counts].sort(([, a], [, b]) => b - a)[0];
    if (person === undefined || count <= images.length / 2) {
      wrongImages += images.length;
      continue;
    }
    right++;
    found.add(person);
    inRight += count;
    wrongImages += images.length - count;
  }
  const asked = wanted.reduce((sum, [, paths]) => sum + paths.length, 0);
  return {
    clusters: clusters.length,
    precision: clusters.length === 0 ? null : right / clusters.length,
    recall: wanted.filter(([name]) => found.has(name)).length / wanted.length,
    imagePrecision: inRight + wrongImages === 0 ? null : inRight / (inRight + wrongImages),
    imageRecall: Math.min(1, inRight / asked),
  };
}

export function describe({ backbone: network, rows }) {
  const lines = aligns.flatMap((align) =>
    LEAST.map((least) => {
      const these = rows.filter((row) => row.align === align && row.least === least);
      const cells = ['precision', 'recall', 'imagePrecision', 'imageRecall'].map((figure) =>
        mean(these.flatMap((row) => row[figure] ?? [])).toFixed(2),
      );
      return `| ${align} | ${least} | ${cells.join(' | ')} | ${mean(these.map(({ clusters }) => clusters)).toFixed(1)} |`;
    }),
  );
  return [
    `${network}, seeds ${seeds.join(', ')}, ${EACH} unknown people of 3 to 12 images and 100 strangers of one`,
    '',
    '| align | --min | people: precision | recall | images: precision | recall | clusters |',
    '|---|---|---|---|---|---|---|',
    ...lines,
  ].join('\n');
}
