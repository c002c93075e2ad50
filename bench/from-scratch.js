// Noise found by a network that was trained from scratch on the noisy images themselves, the real program from end to end with its
// defaults: LFW with known noise, half strangers and half swapped labels, and a crawl with its own noise.
// Environment: SEEDS=1 RATES=0,0.02,0.05,0.2,0.4 CRAWL=0 to leave the crawl out.
import { cpSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readDecisions } from '../dist/workspace/decisions.js';
import { chooseRun } from '../dist/workspace/runs.js';
import { lookIntoWorkspace } from '../dist/workspace/workspace.js';
import { bench, data, facesieve, joined } from './cli.js';

const seeds = (process.env.SEEDS ?? '1').split(',');
const rates = (process.env.RATES ?? '0,0.02,0.05,0.2,0.4').split(',').map(Number);

/** A copy of LFW's people with a share of noise, and what is wrong in it. */
function noisyFaces(rate, seed) {
  const crawl = join(bench, `from-scratch-${rate}-${seed}`);
  const clean = joined('lfw10a', 'lfw5a');
  if (rate === 0 && !existsSync(crawl))
    for (const name of readdirSync(clean))
      cpSync(join(clean, name), join(crawl, name), { recursive: true, dereference: true });
  const noise = ['--open', `${rate / 2}`, '--closed', `${rate / 2}`, '--outsiders', join(data, 'lfw-outsiders')];
  if (!existsSync(crawl)) facesieve('inject', clean, crawl, ...noise, '--seed', seed);
  return { crawl, truth: rate === 0 ? new Map() : readLabels(join(crawl, 'truth.csv')) };
}

const readLabels = (file) =>
  new Map(
    readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split(',')),
  );

const NOISE = ['open', 'closed', 'other', 'nonface'];

function judged(name, crawl, truth, seed) {
  const common = ['-w', join(bench, `${name}-${seed}`), '--seed', seed];
  for (const stage of [['ingest', crawl], ['train'], ['embed']]) facesieve(...stage, ...common);
  const { noiseRate, expected, withheld } = facesieve('sift', ...common);
  const opened = lookIntoWorkspace(common[1]);
  const decisions = readDecisions(opened, chooseRun(opened, undefined, 'sift').id);
  opened.close();
  const images = decisions
    .filter(({ path, decision }) => truth.get(path) !== 'unsure' && decision !== 'duplicate')
    .map(({ path, decision, pNoise }) => ({ decision, pNoise, noisy: NOISE.includes(truth.get(path)) }));
  const flagged = images.filter(({ decision }) => ['drop', 'relabel'].includes(decision));
  const [noisy, hits] = [images, flagged].map((of) => of.filter((image) => image.noisy).length);
  const asked = images.filter((image) => image.decision === 'review');
  return {
    ...{ name, seed, images: images.length, rate: noisy / images.length, noiseRate, expected: expected.precision },
    ...{ flagged: flagged.length, precision: hits / flagged.length, recall: hits / noisy },
    ...{ f1: (2 * hits) / (flagged.length + noisy), bestF1: bestF1(images, noisy), review: asked.length },
    recallWithReview: (hits + asked.filter((image) => image.noisy).length) / noisy,
    ...{ cleanLost: (flagged.length - hits) / (images.length - noisy), withheld },
  };
}

function bestF1(images, noisy) {
  let hits = 0;
  return Math.max(
    ...[...images]
      .sort((a, b) => b.pNoise - a.pNoise)
      .map((image, rank) => (2 * (hits += Number(image.noisy))) / (rank + 1 + noisy)),
  );
}

export async function measure() {
  const rows = [];
  for (const seed of seeds) {
    for (const rate of rates) {
      const { crawl, truth } = noisyFaces(rate, seed);
      rows.push(judged(`from-scratch-lfw-${rate}`, crawl, truth, seed));
    }
    if (process.env.CRAWL !== '0')
      rows.push(judged('from-scratch-actors', join(data, 'actors'), readLabels(join(data, 'actors-truth.csv')), seed));
  }
  return rows;
}

const digits = (value) => (Number.isFinite(value) ? value.toFixed(3) : '-');

export const describe = (rows) =>
  [
    '| set | seed | noise | noise rate | flagged | P | R | F1 | F1 at the best cut | review | R with review | clean lost |',
    '|---|---|---|---|---|---|---|---|---|---|---|---|',
    ...rows.map(
      ({ noiseRate: { estimate, low, high }, ...row }) =>
        `| ${row.name.replace('from-scratch-', '')} | ${row.seed} | ${digits(row.rate)} | ${digits(estimate)} (${digits(low)}-${digits(high)}) | ${row.flagged} | ${digits(row.precision)} | ${digits(row.recall)} | ${digits(row.f1)} | ${digits(row.bestF1)} | ${row.review} | ${digits(row.recallWithReview)} | ${(100 * row.cleanLost).toFixed(2)} % |`,
    ),
  ].join('\n');
