// Does cleaning help? Verification on pairs of people who are in no training set (lfw5a), after training on lfw10a with
// 20 % open- and 20 % closed-set noise: as it is, cleaned, and with two controls that remove as many images by chance
// and exactly the injected ones. Controls are verdicts, so the program itself does all of it.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bench, data, facesieve, joined, plusMinus } from './cli.js';

const seeds = (process.env.SEEDS ?? '1,2,3').split(',').map(Number);
const PAIRS = 3000;

/** A small generator of its own: controls must not share a stream with what they control. */
function* numbers(seed) {
  for (let state = seed * 2654435761; ;) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    yield state / 2 ** 32;
  }
}

function writePairs(file) {
  const root = join(data, 'lfw5a');
  const people = readdirSync(root).map((name) => readdirSync(join(root, name)).map((image) => join(root, name, image)));
  const random = numbers(1);
  const pick = (items) => items[Math.floor(random.next().value * items.length)];
  const lines = ['path1,path2,same'];
  for (let i = 0; i < PAIRS; i++) {
    const images = pick(people);
    const first = pick(images);
    lines.push(`${first},${pick(images.filter((image) => image !== first))},1`);
    const stranger = pick(people.filter((other) => other !== images));
    lines.push(`${pick(images)},${pick(stranger)},0`);
  }
  writeFileSync(file, `${lines.join('\n')}\n`);
}

function measureSeed(seed, pairs, config) {
  const crawl = join(bench, `helps-crawl-${seed}`);
  const noise = ['--open', '0.2', '--closed', '0.2', '--outsiders', join(data, 'lfw-outsiders')];
  if (!existsSync(crawl)) facesieve('inject', joined('lfw10a'), crawl, ...noise, '--seed', String(seed));
  const common = ['-w', join(bench, `helps-${seed}`), '--seed', String(seed), '--config', config];
  facesieve('ingest', crawl, ...common);
  facesieve('train', ...common);
  facesieve('embed', ...common);
  const { decisions } = facesieve('sift', ...common);
  const truth = readFileSync(join(crawl, 'truth.csv'), 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(','));
  const removed = decisions.drop + decisions.relabel + decisions.duplicate;
  const random = numbers(seed);
  const byChance = new Set(
    truth
      .map(([path]) => [random.next().value, path])
      .sort(([a], [b]) => a - b)
      .slice(0, removed)
      .map(([, path]) => path),
  );
  const arms = {
    'purified by facesieve': undefined,
    'as many removed by chance': ([path]) => (byChance.has(path) ? 'drop' : 'keep'),
    'exactly the injected removed': ([, kind]) => (kind === 'none' ? 'keep' : 'drop'),
  };
  const results = {};
  for (const [arm, verdictOf] of Object.entries(arms)) {
    if (verdictOf) {
      const file = join(bench, `helps-verdicts-${seed}.csv`);
      writeFileSync(file, ['path,verdict', ...truth.map((row) => `${row[0]},${verdictOf(row)}`)].join('\n'));
      facesieve('decisions', 'import', file, ...common);
    }
    facesieve('retrain', ...common);
    const { verification } = facesieve('evaluate', '--pairs', pairs, ...common);
    results['the crawl as it is'] = verification.before;
    results[arm] = verification.after;
    console.error(seed, arm, verification.before.auc, verification.after.accuracy, verification.after.auc);
  }
  return { seed, removed, injected: truth.filter(([, kind]) => kind !== 'none').length, results };
}

export function measure() {
  const pairs = join(bench, 'lfw5a-pairs.csv');
  joined('lfw10a');
  writePairs(pairs);
  const config = join(bench, 'helps.json');
  writeFileSync(config, JSON.stringify({ train: { holdout: 0 } }));
  return { rows: seeds.map((seed) => measureSeed(seed, pairs, config)) };
}

/** Of the distance in AUC between no cleaning and removal of exactly the injected images. */
function closed(results, arm) {
  const none = results['the crawl as it is'].auc;
  return (results[arm].auc - none) / (results['exactly the injected removed'].auc - none);
}

export function describe({ rows }) {
  const arms = Object.keys(rows[0].results);
  const cell = (arm, name) => plusMinus(rows.map(({ results }) => results[arm][name]));
  return [
    `| trained on | accuracy | AUC | EER |`,
    '|---|---|---|---|',
    ...arms.map((arm) => `| ${arm} | ${cell(arm, 'accuracy')} | ${cell(arm, 'auc')} | ${cell(arm, 'eer')} |`),
    '',
    `share of the distance closed: ${plusMinus(rows.map(({ results }) => closed(results, 'purified by facesieve')))}, by chance ${plusMinus(rows.map(({ results }) => closed(results, 'as many removed by chance')))}`,
    `${rows.map(({ removed, injected }) => `${removed} images removed, ${injected} injected`).join('; ')}; seeds ${seeds.join(', ')}`,
  ].join('\n');
}
