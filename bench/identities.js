// One person under two names, two people under one name: proposals against what was done to the names. Into lfw10a +
// lfw5a, ten people of ten images and more get a second name for a half or a third of their images, and ten get the
// images of somebody else, as many or fewer, under their name. Without noise, and with 10 % strangers and 10 % swapped
// labels on top.
// Environment: SEEDS, ALIGN (auto,center), NOISE (0,0.2), BACKBONE.
import { existsSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { randomOf } from '../dist/core/random.js';
import { bench, data, facesieve, joined, mean } from './cli.js';

const seeds = (process.env.SEEDS ?? '1,2,3').split(',').map(Number);
const aligns = (process.env.ALIGN ?? 'auto,center').split(',');
const noises = (process.env.NOISE ?? '0,0.2').split(',').map(Number);
const backbone = process.env.BACKBONE ?? 'pretrained:mobilefacenet';
const frozen = backbone.startsWith('pretrained:');
const EACH = 10;

/** Who gets a second name, and who lies under whose name. */
function planNames(source, seed) {
  const random = randomOf(seed, 'identities');
  const images = new Map(readdirSync(source).map((name) => [name, readdirSync(join(source, name)).sort()]));
  const names = random.shuffle([...images.keys()].sort());
  const large = names.filter((name) => images.get(name).length >= 10);
  const halved = large.slice(0, EACH);
  const hosts = large.slice(EACH, 2 * EACH);
  const guests = names.filter((name) => !halved.includes(name) && !hosts.includes(name)).slice(0, EACH);
  const placed = new Map([...images].map(([name, files]) => [name, files.map((file) => join(source, name, file))]));
  halved.forEach((name, i) => {
    const files = random.shuffle([...placed.get(name)]);
    const cut = Math.round(files.length / (i % 2 === 0 ? 2 : 3));
    placed.set(`${name}_too`, files.slice(0, cut)).set(name, files.slice(cut));
  });
  hosts.forEach((host, i) => {
    placed.set(host, [...placed.get(host), ...placed.get(guests[i])]);
    placed.delete(guests[i]);
  });
  return { placed, merges: halved.map((name) => [name, `${name}_too`]), splits: hosts };
}

/** The set with those names, as links; with noise, a spoilt copy of that. */
function spoil({ placed }, seed, noise) {
  const renamed = join(bench, `identities-${seed}`);
  for (const [name, files] of placed) {
    if (existsSync(join(renamed, name))) continue;
    mkdirSync(join(renamed, name), { recursive: true });
    for (const file of files) symlinkSync(file, join(renamed, name, file.split('/').at(-1)));
  }
  if (noise === 0) return renamed;
  const crawl = `${renamed}-noise-${noise}`;
  const rates = ['--open', String(noise / 2), '--closed', String(noise / 2)];
  if (!existsSync(join(crawl, 'truth.csv')))
    facesieve('inject', renamed, crawl, ...rates, '--outsiders', join(data, 'lfw-outsiders'), '--seed', String(seed));
  return crawl;
}

function found(proposed, wanted) {
  const right = proposed.filter((one) => wanted.includes(one)).length;
  return {
    proposed: proposed.length,
    precision: proposed.length ? right / proposed.length : null,
    recall: right / wanted.length,
  };
}

export function measure() {
  const source = joined('lfw10a', 'lfw5a');
  const rows = [];
  for (const align of aligns)
    for (const noise of noises)
      for (const seed of seeds) {
        const plan = planNames(source, seed);
        const crawl = spoil(plan, seed, noise);
        const workspace = join(bench, `identities-${seed}-${noise}-${align}-${frozen ? 'frozen' : backbone}`);
        const common = ['-w', workspace, '--seed', String(seed)];
        facesieve('ingest', crawl, ...common, '--align', align, ...(frozen ? ['--size', '112'] : []));
        const { merges, splits } = propose(common);
        const row = { align, noise, seed, ...score(plan, merges, splits) };
        console.error(JSON.stringify(row));
        rows.push(row);
      }
  return { backbone, rows };
}

function propose(common) {
  facesieve('train', ...common, '--backbone', backbone);
  facesieve('embed', ...common);
  facesieve('sift', ...common, '--force');
  return facesieve('identities', 'list', ...common);
}

function score(plan, merges, splits) {
  const pair = (names) => [...names].sort().join(' = ');
  const proposedPairs = merges.map(({ a, b }) => pair([a, b]));
  const proposedNames = splits.map(({ identity }) => identity);
  return { merges: found(proposedPairs, plan.merges.map(pair)), splits: found(proposedNames, plan.splits) };
}

export function describe({ backbone: network, rows }) {
  const kinds = [...new Set(rows.map(({ align, noise }) => JSON.stringify({ align, noise })))];
  const lines = kinds.map((kind) => {
    const { align, noise } = JSON.parse(kind);
    const these = rows.filter((row) => row.align === align && row.noise === noise);
    const cells = ['merges', 'splits'].flatMap((what) =>
      ['precision', 'recall'].map((figure) => {
        const values = these.flatMap((row) => row[what][figure] ?? []); // no precision where nothing was proposed
        return values.length === 0 ? '-' : mean(values).toFixed(2);
      }),
    );
    const many = ['merges', 'splits'].map((what) => mean(these.map((row) => row[what].proposed)).toFixed(1));
    return `| ${align} | ${100 * noise} % | ${cells.join(' | ')} | ${many.join(', ')} |`;
  });
  return [
    `${network}, seeds ${seeds.join(', ')}, ${EACH} merges and ${EACH} splits each`,
    '',
    '| align | noise | merges: precision | recall | splits: precision | recall | proposed |',
    '|---|---|---|---|---|---|---|',
    ...lines,
  ].join('\n');
}
