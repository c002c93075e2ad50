// Right on a real crawl? A crawl with its own noise, judged by eye (the real program from end to end). On the features and
// copies that the real program makes of the same pictures, and of LFW's, once for each set of pictures: the same crawl with people who come again and
// again in others' folders; LFW with known noise, whole photographs and tight crops, few and many pictures a person, a
// quarter of them degraded; one large identity beside fifty small ones.
// Environment: SEEDS=1,2,3 (of repeated noise also 4, 5) PARTS=actors,repeated,contradicting,lfw,tight,degraded,small,unequal
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readDecisions } from '../dist/workspace/decisions.js';
import { chooseRun } from '../dist/workspace/runs.js';
import { lookIntoWorkspace } from '../dist/workspace/workspace.js';
import { bench, data, facesieve, mean, plusMinus } from './cli.js';
import { NONFACES, poolFolder, STRANGERS } from './face-pool.js';
import { makeSet } from './hard-images.js';
import { pictureSet, siftPlaced, together } from './picture-set.js';
import * as sets from './natural-sets.js';
import { tightCrops } from './tight-crops.js';

const ALL = ['actors', 'repeated', 'contradicting', 'lfw', 'tight', 'degraded', 'small', 'unequal'];
const seeds = (process.env.SEEDS ?? '1,2,3').split(',').map(Number);
const parts = (process.env.PARTS ?? ALL.join()).split(',');
const rates = (process.env.RATES ?? '0,0.01,0.02,0.05,0.1,0.2,0.4').split(',').map(Number);
const fiveSeeds = process.env.SEEDS ? seeds : [1, 2, 3, 4, 5];

const isFlagged = ({ decision }) => decision === 'drop' || decision === 'relabel';
const ratio = (part, whole) => (whole > 0 ? part / whole : null);

/** @param placed (N), in the order of `decisions` */
export function judge({ set, seed, placed }, { decisions, noiseRate, expected }) {
  const judged = decisions
    .map((decision, i) => ({ ...decision, ...placed[i] }))
    .filter(({ decision, truth }) => !truth.skip && decision !== 'duplicate');
  const count = (...tests) => judged.filter((image) => tests.every((test) => test(image))).length;
  const [noisy, hard] = [({ truth }) => truth.noisy, ({ truth }) => truth.hard];
  const [clean, asked] = [(image) => !noisy(image), ({ decision }) => decision === 'review'];
  const [flagged, hit, wrong] = [count(isFlagged), count(isFlagged, noisy), count(noisy)];
  const strangers = new Set(judged.flatMap(({ stranger, identity }) => (stranger ? [identity] : [])));
  const rate = wrong / judged.length;
  return {
    ...{ set, seed, images: judged.length, noisy: wrong, flagged, asked: count(asked) },
    ...{ precision: ratio(hit, flagged), recall: ratio(hit, wrong) },
    ...{ recallWithReview: ratio(hit + count(asked, noisy), wrong), f1: wrong ? (2 * hit) / (flagged + wrong) : null },
    // an image in review is not lost, and not yet found: among those that are decided
    f1Decided: ratio(2 * hit, flagged + wrong - count(asked, noisy)),
    ...{ expectedPrecision: expected.precision, hardLost: ratio(count(isFlagged, hard), count(hard)) },
    ...{ cleanLost: ratio(flagged - hit, count(clean)), cleanAsked: ratio(count(asked, clean), count(clean)) },
    ...{ trueRate: rate, noiseRate, rateInside: noiseRate ? rate >= noiseRate.low && rate <= noiseRate.high : null },
    ...(strangers.size > 0 && { questions: questionsOf(judged.filter(({ stranger }) => stranger)) / strangers.size }),
  };
}

/** What a person is asked of the strangers: a group that is proposed as somebody else is one question. */
function questionsOf(images) {
  const asked = images.filter(({ decision }) => decision === 'review');
  const groups = asked.map(({ identity, reason, path }) =>
    reason.startsWith('perhaps ') ? `${identity} ${reason.split(' (')[0]}` : path,
  );
  return new Set(groups).size;
}

/** Copies of a photograph of which nobody is asked, and of which p_noise is below .9 although another name of it fits plainly. */
export function contradictionsLeft({ decisions, labels, faceGroups }) {
  const groups = new Map();
  faceGroups.forEach((group, i) => groups.set(group, [...(groups.get(group) ?? []), i]));
  let left = 0;
  for (const members of groups.values()) {
    if (new Set(members.map((i) => labels[i])).size < 2) continue;
    const best = members.reduce((a, b) => (decisions[b].pNoise < decisions[a].pNoise ? b : a));
    if (decisions[best].pNoise > 0.1) continue;
    left += members.filter((i) => labels[i] !== labels[best] && decisions[i].pNoise < 0.9).length;
  }
  return left;
}

const TRUTH = join(data, 'actors-truth.csv');

export function actorsTruth() {
  if (!existsSync(TRUTH)) throw new Error(`${TRUTH} is not there: this measurement needs it.`);
  const lines = readFileSync(TRUTH, 'utf8').trim().split('\n').slice(1);
  const labels = new Map(lines.map((line) => line.split(',')));
  return (path) => {
    const label = labels.get(path);
    return { noisy: label === 'other' || label === 'nonface', hard: label === 'right', skip: label === 'unsure' };
  };
}

/** The decisions of the real program on the pictures as they lie. */
function siftAsIs({ workspace, dataset }, set, truthOf) {
  const result = facesieve('sift', '-w', workspace);
  const opened = lookIntoWorkspace(workspace);
  const decisions = readDecisions(opened, chooseRun(opened, undefined, 'sift').id);
  opened.close();
  const placed = decisions.map(({ path }) => ({ path, identity: path.split('/')[0], truth: truthOf(path) }));
  if (placed.length !== dataset.images.length) throw new Error('An image has no decision.');
  return judge({ set, seed: 0, placed }, { ...result, decisions });
}

async function siftEach(pictures, made) {
  const rows = [];
  for (const one of made) {
    const sifted = await siftPlaced(pictures, one.placed, { seed: one.seed });
    rows.push({ ...judge(one, sifted), contradictionsLeft: contradictionsLeft(sifted) });
    const { set, seed, precision, recall, recallWithReview, f1, expectedPrecision } = rows.at(-1);
    console.error(
      set,
      seed,
      ...[precision, recall, recallWithReview, f1, expectedPrecision].map((v) => v?.toFixed(3) ?? '-'),
    );
  }
  return rows;
}

async function crawlRows() {
  const truthOf = actorsTruth();
  const crawl = await pictureSet(join(data, 'actors'), 'natural-actors');
  const { images } = crawl.dataset;
  const wants = (part) => parts.includes(part);
  return [
    ...(wants('actors') ? [siftAsIs(crawl, 'actors, as crawled', truthOf)] : []),
    ...(wants('repeated') ? await siftEach(crawl, sets.repeated(images, truthOf, fiveSeeds)) : []),
    ...(wants('contradicting') ? await siftEach(crawl, sets.contradicting(images, truthOf, seeds)) : []),
  ];
}

async function lfwRows() {
  const pictures = await pictureSet(poolFolder(), 'pool-auto');
  const images = pictures.dataset.images.filter(({ identity }) => identity !== STRANGERS && identity !== NONFACES);
  const strangers = pictures.dataset.images.flatMap(({ identity, path }) => (identity === STRANGERS ? [path] : []));
  const spoilt = (set, some, at, ...more) =>
    siftEach(pictures, sets.injected(set, some, strangers, at, seeds, ...more));
  const rows = [];
  if (parts.includes('lfw')) {
    rows.push(...(await spoilt('lfw', images, rates)));
    rows.push(...(await spoilt('lfw, 20 to 100 images each', sets.between(images, 20, 100), rates)));
    rows.push(...(await spoilt('lfw, 5 to 20 images each', sets.between(images, 5, 20), rates)));
    rows.push(...(await spoilt('lfw, 2 to 5 images each', sets.twoToFive(images), rates)));
  }
  if (parts.includes('small'))
    for (const most of [2, 3, 4])
      rows.push(...(await spoilt(`lfw, ${most} images each`, sets.between(images, most, most), [0.2])));
  if (parts.includes('tight')) {
    const tight = await pictureSet(await tightCrops(poolFolder(), join(bench, 'pool-tight-images')), 'pool-tight');
    rows.push(...(await siftEach(tight, sets.injected('lfw, tight crops', images, strangers, rates, seeds))));
  }
  if (parts.includes('degraded')) {
    const folder = join(bench, 'hard-crawl');
    const degraded = await makeSet(folder);
    const both = together(await pictureSet(folder, 'natural-degraded'), pictures);
    const made = sets.injected('lfw, a quarter degraded', images, strangers, rates, seeds, (path) =>
      degraded.has(path),
    );
    rows.push(...(await siftEach(both, made)));
  }
  if (parts.includes('unequal')) {
    const [wide, large] = sets.withOneLarge(pictures, images);
    rows.push(...(await siftEach(wide, sets.unequal(large, images, strangers, seeds))));
  }
  return rows;
}

export async function measure() {
  const crawled = parts.some((part) => ['actors', 'repeated', 'contradicting'].includes(part));
  const lfw = parts.some((part) => !['actors', 'repeated', 'contradicting'].includes(part));
  return { rows: [...(crawled ? await crawlRows() : []), ...(lfw ? await lfwRows() : [])] };
}

export function describe({ rows }) {
  const columns = ['precision', 'recall', 'recallWithReview', 'f1', 'f1Decided', 'expectedPrecision'];
  const lines = [
    '| set, noise | P | R | R with review | F1 | F1, review not lost | expected P | flagged | in review | clean lost | hard lost | noise rate, true / estimated | truth in its interval | other |',
    `|${'---|'.repeat(14)}`,
  ];
  for (const name of new Set(rows.map(({ set }) => set))) {
    const these = rows.filter(({ set }) => set === name);
    const of = (values) => (values.length === 0 ? '-' : values.length === 1 ? values[0].toFixed(3) : plusMinus(values));
    const known = (figure) => these.map((row) => row[figure]).filter((value) => value !== null && value !== undefined);
    const percent = (values) => (values.length === 0 ? '-' : `${(100 * mean(values)).toFixed(2)} %`);
    const measured = these.filter(({ noiseRate }) => noiseRate);
    const other = [
      known('questions').length ? `${mean(known('questions')).toFixed(1)} questions a stranger` : [],
      mean(known('contradictionsLeft').concat(0)) > 0
        ? `${mean(known('contradictionsLeft')).toFixed(1)} contradictions left`
        : [],
    ].flat();
    lines.push(
      `| ${name} | ${columns.map((figure) => of(known(figure))).join(' | ')} | ` +
        `${['flagged', 'asked'].map((figure) => Math.round(mean(known(figure)))).join(' | ')} | ` +
        `${percent(known('cleanLost'))} | ${percent(known('hardLost'))} | ` +
        `${percent(known('trueRate'))} / ${percent(measured.map(({ noiseRate }) => noiseRate.estimate))} | ` +
        `${measured.filter(({ rateInside }) => rateInside).length} of ${these.length} | ${other.join('; ')} |`,
    );
  }
  return [...lines, '', `Seeds ${seeds.join(', ')}; mean ± half the range.`].join('\n');
}
