// Does cleaning help? `run --compare` on lfw10a with known noise, half strangers and half swapped labels: people held out of
// three trainings, on the crawl as it was, on the purified set, and on as many images removed at random.
// Environment: SEEDS=1,2,3 SETUPS=frozen,scratch NOISE=0.2,0.4. A second call goes on.
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bench, data, facesieve, joined, mean, plusMinus } from './cli.js';

const listOf = (name, usual) => (process.env[name] ?? usual).split(',');
const seeds = listOf('SEEDS', '1,2,3').map(Number);
const setups = { frozen: ['--backbone', 'pretrained:mobilefacenet'], scratch: [] };
const arms = {
  before: 'the crawl as it was',
  random: 'as many images removed at random',
  after: 'the purified set',
};

function measureOne(setup, share, seed) {
  const crawl = join(bench, `helps-crawl-${share}-${seed}`);
  const half = String(share / 2);
  const noise = ['--open', half, '--closed', half, '--outsiders', join(data, 'lfw-outsiders')];
  if (!existsSync(crawl)) facesieve('inject', joined('lfw10a'), crawl, ...noise, '--seed', String(seed));
  const place = join(bench, `helps-${setup}-${share}-${seed}`);
  const config = join(bench, 'helps.json');
  writeFileSync(config, JSON.stringify({ report: { galleryImages: 0 } }));
  const common = ['-w', place, '--out', join(place, 'clean'), '--seed', String(seed), '--config', config, '--quiet'];
  const result = facesieve('run', crawl, '--compare', ...setups[setup], ...common);
  const { verification, identification, comparison } = result;
  console.error(setup, share, seed, JSON.stringify(comparison?.gain));
  return { setup, share, seed, verification, identification, comparison };
}

export function measure() {
  const rows = [];
  for (const setup of listOf('SETUPS', 'frozen,scratch'))
    for (const share of listOf('NOISE', '0.2,0.4').map(Number))
      for (const seed of seeds) rows.push(measureOne(setup, share, seed));
  return { rows };
}

const inWords = ({ estimate, low, high }) =>
  [estimate, low, high].map((share) => `${share < 0 ? '' : '+'}${(100 * share).toFixed(1)}`);
const gainOf = (rows, figure, other) =>
  rows
    .map(({ comparison }) => inWords(comparison.gain[figure][other]))
    .map(([estimate, low, high]) => `${estimate} (${low} to ${high})`)
    .join('; ');

function describeSet(rows, setup, share) {
  const made = rows.filter((row) => row.setup === setup && row.share === share && row.comparison);
  if (made.length === 0) return [];
  const lines = Object.entries(arms).map(([arm, title]) => {
    const of = (key) => plusMinus(made.map(({ verification }) => verification[arm][key]));
    const rank1 = mean(made.map(({ identification }) => identification[arm].rank1)).toFixed(3);
    return `| ${setup} | ${100 * share} % | ${title} | ${of('accuracy')} | ${of('auc')} | ${of('eer')} | ${rank1} |`;
  });
  const gains = ['overBefore', 'overRandom'].map((other) => gainOf(made, 'accuracy', other));
  return [
    ...lines,
    `| | | purified - as it was; purified - at random, points of accuracy | ${gains.join(' / ')} | | | |`,
  ];
}

export function describe({ rows }) {
  const sets = [...new Set(rows.map(({ setup, share }) => `${setup} ${share}`))].map((text) => text.split(' '));
  return [
    '| features | noise | trained on | accuracy | AUC | EER | rank 1 |',
    '|---|---|---|---|---|---|---|',
    ...sets.flatMap(([setup, share]) => describeSet(rows, setup, Number(share))),
    '',
    `seeds ${seeds.join(', ')}; in brackets the 95 % interval over the folds of one seed`,
  ].join('\n');
}
