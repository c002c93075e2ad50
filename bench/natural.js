// Right on a real crawl? A crawl with its own noise, judged by eye (the real program from end to end); the same with people
// who come again and again in others' folders; and LFW with known noise, degraded pictures, and small identities.
// Environment: SEEDS=1,2,3 PARTS=actors,repeated,lfw,degraded,small
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { takeRows } from '../dist/core/vectors.js';
import { detectNoise } from '../dist/facesieve.js';
import { planNoise } from '../dist/synthetic/inject/plan.js';
import { planRepeated } from '../dist/synthetic/inject/repeated.js';
import { readDecisions } from '../dist/workspace/decisions.js';
import { embeddingsOf } from '../dist/workspace/embedding-file.js';
import { croppedImages, faceScores } from '../dist/workspace/images.js';
import { chooseRun } from '../dist/workspace/runs.js';
import { lookIntoWorkspace } from '../dist/workspace/workspace.js';
import { bench, data, facesieve, mean, plusMinus } from './cli.js';
import { facePool, noiseInput, spoiltSet } from './face-pool.js';
import { makeSet } from './hard-images.js';

const seeds = (process.env.SEEDS ?? '1,2,3').split(',').map(Number);
const parts = (process.env.PARTS ?? 'actors,repeated,lfw,degraded,small').split(',');
const rates = [0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.4];

/** @param truth of each image: noisy, hard (right, and looked at twice), and whether to leave it out of any score */
function judge(name, seed, decisions, truth, { noiseRate, expected, asked }) {
  const counts = { flagged: 0, hit: 0, asked: 0, askedHit: 0, noisy: 0, clean: 0, hard: 0, hardLost: 0 };
  decisions.forEach(({ decision }, i) => {
    const { noisy, hard, skip } = truth[i];
    if (skip || decision === 'duplicate') return;
    const flagged = ['drop', 'relabel'].includes(decision);
    counts[noisy ? 'noisy' : 'clean']++;
    if (hard) counts.hard++;
    if (hard && flagged) counts.hardLost++;
    if (flagged) counts.flagged++;
    if (flagged && noisy) counts.hit++;
    if (decision === 'review') counts.asked++;
    if (decision === 'review' && noisy) counts.askedHit++;
  });
  const { flagged, hit, askedHit, noisy, clean, hard, hardLost } = counts;
  return {
    ...{ name, seed, ...counts, precision: flagged ? hit / flagged : null, recall: noisy ? hit / noisy : null },
    ...{ recallWithReview: noisy ? (hit + askedHit) / noisy : null, f1: noisy ? (2 * hit) / (flagged + noisy) : null },
    ...{ cleanLost: (flagged - hit) / clean, hardLostShare: hard ? hardLost / hard : null },
    ...{ expected: expected.precision, rate: noisy / (noisy + clean), noiseRate, questions: asked },
  };
}

/** Features of a folder's images by path, made by the real program, and the decisions it makes of them. */
function featuresOf(folder, workspace) {
  const common = ['-w', workspace];
  facesieve('ingest', folder, ...common, '--align', 'auto', '--size', '112');
  facesieve('train', '--backbone', 'pretrained:mobilefacenet', ...common);
  facesieve('embed', ...common);
  const result = facesieve('sift', ...common);
  const opened = lookIntoWorkspace(workspace);
  const { untouched, untouchedNorms } = embeddingsOf(opened, chooseRun(opened, undefined, 'train').id);
  const images = croppedImages(opened);
  const scores = faceScores(opened, [...untouchedNorms.keys()]);
  const decisions = readDecisions(opened, chooseRun(opened, undefined, 'sift').id);
  opened.close();
  return { images, vectors: untouched, norms: untouchedNorms, scores, decisions, result };
}

const TRUTH = join(data, 'actors-truth.csv');

function actorsTruth() {
  if (!existsSync(TRUTH)) throw new Error(`${TRUTH} is not there: this measurement needs it.`);
  const labels = new Map(
    readFileSync(TRUTH, 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split(',')),
  );
  return (path) => {
    const label = labels.get(path);
    return { noisy: label === 'other' || label === 'nonface', hard: label === 'right', skip: label === 'unsure' };
  };
}

/** The product's own decisions on features. */
async function sift(set, seed) {
  const found = await detectNoise(noiseInput(set), { seed });
  return { ...found, expected: found.cut.expected };
}

/** Sifts images, each under a name of its own choice, by the features of what lies there. */
async function siftImages({ vectors, norms, scores }, slots, names, seed) {
  const identities = [...new Set(names)].sort();
  const faceScores_ = Float32Array.from(slots, (slot) => scores[slot]);
  return sift(
    {
      ...{ vectors: takeRows(vectors, slots), norms: Float32Array.from(slots, (slot) => norms[slot]), identities },
      ...{ labels: Int32Array.from(names, (name) => identities.indexOf(name)), faceScores: faceScores_ },
      faces: [...faceScores_].map((score) => Number(score > 0)),
    },
    seed,
  );
}

async function repeatedRows(crawl, truthOf) {
  const slotOf = new Map(crawl.images.map(({ path, slot }) => [path, slot]));
  const rows = [];
  for (const share of [0.1, 0.2, 0.3, 0.4])
    for (const seed of seeds) {
      const { placements, rest } = planRepeated(crawl.images, share, seed);
      const all = [
        ...placements.map(({ path, content }) => ({ path, content, strange: true })),
        ...rest.map(({ path }) => ({ path, content: path, strange: false })),
      ].sort((a, b) => (a.path < b.path ? -1 : 1));
      const slots = all.map(({ content }) => slotOf.get(content));
      const names = all.map(({ path }) => path.split('/')[0]);
      const sifted = await siftImages(crawl, slots, names, seed);
      const truth = all.map(({ path, strange }) =>
        strange ? { noisy: true, hard: false, skip: false } : truthOf(path),
      );
      const asked = new Set(
        sifted.decisions.flatMap(({ decision, reason }, i) =>
          decision === 'review' && truth[i].noisy && reason.startsWith('perhaps') ? [reason.split(':')[0]] : [],
        ),
      ).size;
      rows.push(judge(`repeated ${share}`, seed, sifted.decisions, truth, { ...sifted, asked }));
    }
  return rows;
}

async function lfwRow(name, pool, rate, seed, kinds) {
  const set = spoiltSet(
    pool,
    Object.fromEntries(Object.entries(kinds).map(([kind, part]) => [kind, part * rate])),
    seed,
  );
  const sifted = await sift({ ...set, vectors: takeRows(pool.vectors, set.slots) }, seed);
  const truth = set.truth.map(({ noise }) => ({ noisy: noise !== 'none', hard: false, skip: false }));
  return judge(`${name} ${rate}`, seed, sifted.decisions, truth, sifted);
}

const MIXED = { open: 0.5, closed: 0.5, nonface: 0 };

async function lfwRows(pool) {
  const rows = [];
  for (const rate of rates)
    for (const seed of rate === 0 ? seeds.slice(0, 1) : seeds) rows.push(await lfwRow('lfw', pool, rate, seed, MIXED));
  for (const rate of [0.1, 0.4])
    for (const seed of seeds)
      rows.push(await lfwRow('lfw nonface', pool, rate, seed, { open: 0, closed: 0, nonface: 1 }));
  return rows;
}

/** The pool's people, at most `most` images of each. */
const fewOf = (pool, most) => {
  const seen = new Map();
  const people = pool.people.filter(({ identity }) => {
    seen.set(identity, (seen.get(identity) ?? 0) + 1);
    return seen.get(identity) <= most;
  });
  return { ...pool, people };
};

async function degradedRows(pool) {
  const folder = join(bench, 'hard-crawl');
  const degraded = await makeSet(folder);
  const spoilt = featuresOf(folder, join(bench, 'natural-degraded'));
  const slotOf = new Map(spoilt.images.map(({ path, slot }) => [path, slot]));
  const people = pool.people.map((image) => image.path);
  const strangers = new Map(pool.strangers.map(({ path, slot }) => [path, slot]));
  const offset = spoilt.vectors.rows;
  const { dimensions } = pool.vectors;
  const data = new Float32Array(spoilt.vectors.data.length + pool.vectors.data.length);
  data.set(spoilt.vectors.data);
  data.set(pool.vectors.data, spoilt.vectors.data.length);
  const both = {
    vectors: { data, rows: offset + pool.vectors.rows, dimensions },
    norms: Float32Array.from([...spoilt.norms, ...pool.norms]),
    scores: Float32Array.from([...spoilt.scores, ...pool.scores]),
  };
  const rows = [];
  for (const rate of [0, 0.1, 0.2, 0.4])
    for (const seed of rate === 0 ? seeds.slice(0, 1) : seeds) {
      const images = people.map((path) => ({ path, identity: path.split('/')[0] }));
      const plan = planNoise(images, [...strangers.keys()], { open: rate / 2, closed: rate / 2, nonface: 0 }, seed);
      const slots = plan.map(({ content }) => slotOf.get(content) ?? offset + strangers.get(content));
      const names = images.map(({ identity }) => identity);
      const sifted = await siftImages(both, slots, names, seed);
      const truth = plan.map(({ noise, content }) => ({
        ...{ noisy: noise !== 'none', hard: noise === 'none' && degraded.has(content), skip: false },
      }));
      rows.push(judge(`lfw, a quarter degraded ${rate}`, seed, sifted.decisions, truth, sifted));
    }
  return rows;
}

export async function measure() {
  const rows = [];
  const wants = (part) => parts.includes(part);
  if (wants('actors') || wants('repeated')) {
    const truthOf = actorsTruth();
    const crawl = featuresOf(join(data, 'actors'), join(bench, 'natural-actors'));
    const truth = crawl.decisions.map(({ path }) => truthOf(path));
    if (wants('actors')) rows.push(judge('actors, as crawled', 0, crawl.decisions, truth, crawl.result));
    if (wants('repeated')) rows.push(...(await repeatedRows(crawl, truthOf)));
  }
  if (!['lfw', 'degraded', 'small'].some(wants)) return { rows };
  const pool = facePool('auto');
  if (wants('lfw')) rows.push(...(await lfwRows(pool)));
  if (wants('degraded')) rows.push(...(await degradedRows(pool)));
  if (wants('small'))
    for (const most of [2, 3, 4])
      for (const seed of seeds)
        rows.push(await lfwRow(`lfw, at most ${most} images an identity`, fewOf(pool, most), 0.2, seed, MIXED));
  return { rows };
}

export function describe({ rows }) {
  const lines = [
    '| set, noise | P | R | R with review | F1 | flagged | asked | clean lost | hard lost | expected P | noise rate | in its interval |',
    `|${'---|'.repeat(12)}`,
  ];
  for (const name of new Set(rows.map((row) => row.name))) {
    const these = rows.filter((row) => row.name === name);
    const of = (figure) => {
      const values = these.map((row) => row[figure]).filter((value) => value !== null);
      return values.length === 0 ? '-' : values.length === 1 ? values[0].toFixed(3) : plusMinus(values);
    };
    const percent = (figure) => `${(100 * mean(these.map((row) => row[figure] ?? 0))).toFixed(2)} %`;
    const within = these.filter(({ rate, noiseRate }) => rate >= noiseRate.low - 1e-9 && rate <= noiseRate.high).length;
    const counted = ['flagged', 'asked'].map((figure) => Math.round(mean(these.map((row) => row[figure]))));
    lines.push(
      `| ${name} | ${['precision', 'recall', 'recallWithReview', 'f1'].map(of).join(' | ')} | ${counted.join(' | ')} | ` +
        `${percent('cleanLost')} | ${these[0].hard ? percent('hardLostShare') : '-'} | ${of('expected')} | ` +
        `${percent('rate')} / ${(100 * mean(these.map(({ noiseRate }) => noiseRate.estimate))).toFixed(2)} % | ${within} of ${these.length} |`,
    );
  }
  const asked = rows.filter(({ questions }) => questions !== undefined);
  return [
    ...lines,
    '',
    `Seeds ${seeds.join(', ')}; mean ± half the range. noise rate: true / estimated.`,
    ...(asked.length
      ? [
          `Questions about second people of eight: ${plusMinus(
            asked.map(({ questions }) => questions),
            1,
          )}`,
        ]
      : []),
  ].join('\n');
}
