// Noise detection against everybody, on known noise. Frozen features of two strengths (aligned faces; centre crops) with
// open, closed, nonface and mixed noise; and networks trained from scratch on the noisy images themselves.
// Environment: SEEDS=1,2,3 KINDS=auto,center,scratch CELLS=mixed-0.2,... PEERS=0 to leave the peers out,
// PEER_SEEDS=1 to ask them less often.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { takeRows } from '../dist/core/vectors.js';
import { detect } from '../dist/metrics/detection.js';
import { detectNoise } from '../dist/facesieve.js';
import { readDecisions } from '../dist/workspace/decisions.js';
import { readDataset } from '../dist/workspace/dataset.js';
import { embeddingsOf } from '../dist/workspace/embedding-file.js';
import { chooseRun } from '../dist/workspace/runs.js';
import { lookIntoWorkspace } from '../dist/workspace/workspace.js';
import { readTruth } from '../dist/formats/truth.js';
import { bench, data, facesieve, joined, plusMinus } from './cli.js';
import { facePool, noiseInput, spoiltSet } from './face-pool.js';
import { startPeers } from './peers.js';
import { signals } from './signals.js';

const seeds = (process.env.SEEDS ?? '1,2,3').split(',').map(Number);
const peerSeeds = (process.env.PEER_SEEDS ?? seeds.join()).split(',').map(Number);
const kinds = (process.env.KINDS ?? 'auto,center,scratch').split(',');
const rates = [0.1, 0.2, 0.4];
const shapes = { mixed: [0.5, 0.5, 0], open: [1, 0, 0], closed: [0, 1, 0], nonface: [0, 0, 1] };
const cells = (
  process.env.CELLS ?? ['none-0', ...Object.keys(shapes).flatMap((shape) => rates.map((r) => `${shape}-${r}`))].join()
).split(',');

function ratesOf(cell) {
  const [shape, rate] = cell.split('-');
  const [open, closed, nonface] = (shapes[shape] ?? [0, 0, 0]).map((part) => part * Number(rate));
  return { open, closed, nonface };
}

const row = (where, tool, truth, isFlagged, scores, more = {}) => ({
  ...where,
  tool,
  ...detect(truth.map(({ noise }, i) => ({ noise, flagged: isFlagged(i), pNoise: scores ? scores[i] : null }))),
  ...(scores && { bestF1: bestF1(scores, truth) }),
  ...more,
});

/** F1 at the threshold that is best for these images: what no tool can know. */
function bestF1(scores, truth) {
  const order = [...scores.keys()].sort((a, b) => scores[b] - scores[a]);
  const noisy = truth.filter(({ noise }) => noise !== 'none').length;
  let [hits, best] = [0, 0];
  order.forEach((i, flagged) => {
    if (truth[i].noise !== 'none') hits++;
    if (scores[order[flagged + 1]] !== scores[i]) best = Math.max(best, (2 * hits) / (flagged + 1 + noisy));
  });
  return best;
}

/** The product's own decisions on a frozen model's features; it knows of no copies here. */
async function ours(where, vectors, { truth, ...set }) {
  const start = performance.now();
  const found = await detectNoise(noiseInput({ ...set, vectors }), { seed: where.seed });
  const { decisions, scored, pNoise, noiseRate, cut } = found;
  const flagged = (i) => ['drop', 'relabel'].includes(decisions[i].decision);
  const relabelled = decisions.flatMap(({ decision, suggestedIdentity }, i) =>
    decision === 'relabel' ? [suggestedIdentity === truth[i].trueIdentity && truth[i].noise !== 'none'] : [],
  );
  const seconds = (performance.now() - start) / 1000;
  const more = {
    ...{ noiseRate: noiseRate.estimate, expected: cut.expected, seconds },
    ...{ relabelled: relabelled.length, relabelledRight: relabelled.filter(Boolean).length },
  };
  const rows = [row(where, 'facesieve calibrated', truth, flagged, pNoise, more)];
  for (const [name, higherIsNoisier] of Object.entries(signals)) {
    const scores = scored.map(({ evidence }) => higherIsNoisier(evidence));
    if (scores.every((score) => score !== null)) rows.push(row(where, `signal ${name}`, truth, () => false, scores));
  }
  return rows;
}

async function theirs(peers, where, vectors, labels, identities, truth) {
  if (!peers || !peerSeeds.includes(where.seed)) return [];
  const found = await peers.peersOn(vectors.data, vectors.dimensions, labels, identities, where.seed);
  return found.map(({ name, flags, scores, seconds, peakMemoryMiB }) => {
    const called = new Set(flags);
    return row(where, name, truth, (i) => called.has(i), scores, { seconds, peakMemoryMiB });
  });
}

async function frozenRows(align, peers) {
  const pool = facePool(align);
  const rows = [];
  for (const cell of cells)
    for (const seed of cell === 'none-0' ? seeds.slice(0, 1) : seeds) {
      const set = spoiltSet(pool, ratesOf(cell), seed);
      const vectors = takeRows(pool.vectors, set.slots);
      const where = { features: align, cell, seed };
      rows.push(...(await ours(where, vectors, set)));
      rows.push(...(await theirs(peers, where, vectors, set.labels, set.identities.length, set.truth)));
      console.error(align, cell, seed, rows.find((r) => r.cell === cell && r.seed === seed).f1);
    }
  return rows;
}

/** The real program from end to end: a network trained on the spoilt set. */
async function scratchRows(peers) {
  const rows = [];
  for (const seed of seeds) {
    const crawl = join(bench, `crawl-${seed}`);
    const noise = ['--open', '0.1', '--closed', '0.1', '--outsiders', join(data, 'lfw-outsiders')];
    if (!existsSync(crawl)) facesieve('inject', joined('lfw10a', 'lfw5a'), crawl, ...noise, '--seed', String(seed));
    const common = ['-w', join(bench, `scratch-${seed}`), '--seed', String(seed)];
    for (const stage of [['ingest', crawl], ['train'], ['embed']]) facesieve(...stage, ...common);
    const where = { features: 'scratch', cell: 'mixed-0.2', seed };
    let decisions;
    for (const rule of ['insightface-drop', 'dominant', 'calibrated']) {
      const { noiseRate, expected, seconds } = facesieve('sift', '--rule', rule, ...common);
      const opened = lookIntoWorkspace(common[1]);
      decisions = readDecisions(opened, chooseRun(opened, undefined, 'sift').id);
      opened.close();
      const truth = truthInOrder(crawl, decisions);
      const flagged = (i) => ['drop', 'relabel'].includes(decisions[i].decision);
      const scores = rule === 'calibrated' ? decisions.map(({ pNoise }) => pNoise) : undefined;
      const took = Object.values(seconds).reduce((a, b) => a + b, 0);
      const more = { noiseRate: noiseRate.estimate, expected, seconds: took };
      rows.push(row(where, `facesieve ${rule}`, truth, flagged, scores, rule === 'calibrated' ? more : {}));
    }
    const truth = truthInOrder(crawl, decisions);
    for (const [name, higherIsNoisier] of Object.entries(signals)) {
      const scores = decisions.map(({ evidence }) => higherIsNoisier(evidence) ?? 0);
      rows.push(row(where, `signal ${name}`, truth, () => false, scores));
    }
    const opened = lookIntoWorkspace(common[1]);
    const dataset = readDataset(opened);
    const { vectors } = embeddingsOf(opened, chooseRun(opened, undefined, 'train').id);
    opened.close();
    const inOrder = takeRows(
      vectors,
      Int32Array.from(dataset.images, ({ slot }) => slot),
    );
    const byPath = new Map(decisions.map(({ path }, i) => [path, truth[i]]));
    const ordered = dataset.images.map(({ path }) => byPath.get(path));
    rows.push(...(await theirs(peers, where, inOrder, dataset.labels, dataset.identities.length, ordered)));
    console.error('scratch', seed, rows.find((r) => r.seed === seed && r.tool === 'facesieve calibrated').f1);
  }
  return rows;
}

function truthInOrder(crawl, decisions) {
  const truth = new Map(readTruth(join(crawl, 'truth.csv')).map((one) => [one.path, one]));
  return decisions.map(({ path }) => truth.get(path));
}

export async function measure() {
  const peers = process.env.PEERS === '0' ? undefined : await startPeers();
  const rows = [];
  try {
    for (const kind of kinds)
      rows.push(...(kind === 'scratch' ? await scratchRows(peers) : await frozenRows(kind, peers)));
  } finally {
    peers?.close();
  }
  return { rows };
}

const figures = ['precision', 'recall', 'f1', 'bestF1', 'auroc', 'averagePrecision', 'cleanLoss'];

export function describe({ rows }) {
  const groups = Map.groupBy ? Map.groupBy(rows, key) : groupBy(rows, key);
  const lines = [
    '| features | noise | tool | P | R | F1 | F1 at the best cut | AUROC | AP | clean loss | noise rate | expected P / R | seconds |',
    `|${'---|'.repeat(13)}`,
  ];
  for (const these of groups.values()) {
    const [{ features, cell, tool, expected, noiseRate }] = these;
    const cellOf = (name) => {
      const values = these.map((r) => r[name]).filter((value) => typeof value === 'number');
      return values.length === 0 ? '-' : plusMinus(values);
    };
    const wanted = expected
      ? ['precision', 'recall']
          .map((name) =>
            plusMinus(
              these.map((r) => r.expected[name] ?? 0),
              2,
            ),
          )
          .join(' / ')
      : '-';
    const rate = noiseRate === undefined ? '-' : cellOf('noiseRate');
    const bare = tool.startsWith('signal');
    const values = figures.map((name) =>
      bare && ['precision', 'recall', 'f1', 'cleanLoss'].includes(name) ? '-' : cellOf(name),
    );
    lines.push(
      `| ${features} | ${cell} | ${tool} | ${values.join(' | ')} | ${rate} | ${wanted} | ${cellOf('seconds')} |`,
    );
  }
  const relabelled = rows.filter((r) => r.relabelled > 0);
  const total = (name) => relabelled.reduce((sum, r) => sum + r[name], 0);
  return [
    ...lines,
    '',
    `relabelled: ${total('relabelled')}, of them to the right identity: ${total('relabelledRight')}; mean ± half the range, seeds ${seeds.join(', ')}`,
  ].join('\n');
}

const key = ({ features, cell, tool }) => `${features} ${cell} ${tool}`;

function groupBy(items, keyOf) {
  const groups = new Map();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}
