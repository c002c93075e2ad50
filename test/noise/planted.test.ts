import { describe, expect, it } from 'vitest';
import { randomOf } from '../../src/core/random.js';
import { mean } from '../../src/core/statistics.js';
import { detectNoise } from '../../src/noise/detect-noise.js';
import { plantedPosterior } from '../../src/noise/planted-posterior.js';
import { splitNormal } from '../../src/noise/split-normal.js';
import { plantWrongLabels } from '../../src/training/planted-labels.js';

const PLANTED = 90;
const IMAGES = 1500;

/** Scores of images of which a share is noise, `gap` deviations from the clean ones, and of planted labels. */
function madeScores(share: number, gap: number) {
  const random = randomOf('planted', share, gap);
  const noise = () => gap + random.normal();
  const clean = () => random.normal() * (random.uniform() < 0.5 ? 1.3 : 1);
  const isNoise = Array.from({ length: IMAGES }, () => random.uniform() < share);
  const scores = Float64Array.from(isNoise, (yes) => (yes ? noise() : clean()));
  const made = (length: number, of: () => number) => Float64Array.from({ length }, of);
  const wrong = made(PLANTED, noise);
  const drawn = made(PLANTED * 10, noise);
  const own = made(PLANTED, () => (random.uniform() < share ? noise() : clean()));
  const other = { label: new Int32Array(PLANTED), cosine: new Float32Array(PLANTED) };
  const planted = { wrong: { open: wrong, closed: wrong }, drawn: { open: drawn, closed: drawn }, own, other };
  return { isNoise, share: isNoise.filter(Boolean).length / IMAGES, ...plantedPosterior(scores, planted) };
}

describe('p_noise by planted labels', () => {
  it('flags nothing of a set without noise, and its interval contains 0', () => {
    const { pNoise, rate } = madeScores(0, 4);
    expect(pNoise.filter((p) => p >= 0.5).length).toBe(0);
    expect(rate.low).toBe(0);
    expect(rate.high).toBeLessThan(0.03);
  });

  it.each([0.05, 0.2, 0.4])(
    'finds noise that is far from the clean images, a share of %f, and the interval contains it',
    (of) => {
      const { isNoise, share, pNoise, rate } = madeScores(of, 4);
      expect(rate.low).toBeLessThan(share);
      expect(rate.high).toBeGreaterThan(share);
      const flagged = [...pNoise.keys()].filter((i) => pNoise[i] >= 0.5);
      const hits = flagged.filter((i) => isNoise[i]).length;
      expect((2 * hits) / (flagged.length + isNoise.filter(Boolean).length)).toBeGreaterThan(0.85);
    },
  );

  it('flags little, and gives a wide interval, where noise looks like the tail of the clean images', () => {
    const { isNoise, share, pNoise, rate } = madeScores(0.05, 1.5);
    const flagged = [...pNoise.keys()].filter((i) => pNoise[i] >= 0.5);
    expect(flagged.filter((i) => !isNoise[i]).length).toBeLessThan(0.01 * IMAGES);
    expect(rate.low).toBeLessThan(share);
    expect(rate.high).toBeGreaterThan(share);
    expect(rate.high - rate.low).toBeGreaterThan(0.05);
  });
});

describe('the normal with two deviations', () => {
  it('recovers the mode and the deviation of each side', () => {
    const places = { from: -10, step: 0.05 };
    const true_ = Float64Array.from({ length: 401 }, (_, i) => {
      const x = places.from + i * places.step;
      return Math.exp(-0.5 * ((x - 1) / (x < 1 ? 0.8 : 2)) ** 2) / (0.5 * (0.8 + 2) * Math.sqrt(2 * Math.PI));
    });
    const fitted = splitNormal(places, true_);
    expect(Math.max(...fitted.map((value, i) => Math.abs(value - true_[i])))).toBeLessThan(0.01);
    expect(mean(fitted) * 401 * places.step).toBeCloseTo(1, 2);
  });
});

describe('planting wrong labels', () => {
  const labels = Int32Array.from({ length: 1000 }, (_, i) => (i < 990 ? i % 30 : 30 + (i % 5)));

  it('puts a share of the images under the name of another, the same ones for a seed', () => {
    const planted = plantWrongLabels(labels, 0.04, 1);
    expect(planted.filter((label, i) => label !== labels[i])).toHaveLength(40);
    expect(plantWrongLabels(labels, 0.04, 1)).toEqual(planted);
    expect(plantWrongLabels(labels, 0.04, 2)).not.toEqual(planted);
  });

  it('leaves identities of a few images alone, and a set that is too small for enough of them', () => {
    const planted = plantWrongLabels(labels, 0.2, 1);
    expect(planted.subarray(990)).toEqual(labels.subarray(990));
    const few = labels.subarray(0, 300);
    expect(plantWrongLabels(few, 0.04, 1)).toEqual(few);
    expect(plantWrongLabels(new Int32Array(1000), 0.04, 1)).toEqual(new Int32Array(1000));
  });
});

const PEOPLE = 20;
const EACH = 40;
const D = 32;

/** Embeddings of a network that was trained on the labels: every image was drawn half way to whom it was labelled as. */
function learntFaces(noisy: number) {
  const random = randomOf('learnt', noisy);
  const direction = () => Array.from({ length: D }, () => random.normal() / Math.sqrt(D));
  const people = Array.from({ length: PEOPLE }, direction);
  const labels = Int32Array.from({ length: PEOPLE * EACH }, (_, i) => Math.floor(i / EACH));
  const shown = labels.map((label) => (random.uniform() < noisy ? random.integer(PEOPLE) : label));
  const trainedAs = plantWrongLabels(labels, 0.05, 3);
  const planted = trainedAs.map((label, i) => (label === labels[i] ? -1 : label));
  const margins = new Float32Array(labels.length);
  const features = Array.from(labels, (_, i) => {
    margins[i] = (trainedAs[i] === shown[i] ? 0.3 : -0.1) + 0.1 * random.normal();
    return people[shown[i]].map((x, d) => x + 0.4 * people[trainedAs[i]][d] + (0.6 / Math.sqrt(D)) * random.normal());
  });
  const isWrong = Array.from(labels, (label, i) => label !== shown[i]);
  return { features, labels, identities: people.map((_, p) => `P${p}`), planted, margins, isWrong };
}

describe('a network that was trained with planted labels', () => {
  it('has its images judged by their own labels, planted ones as well', async () => {
    const { isWrong, planted, ...set } = learntFaces(0.15);
    const { decisions, noiseRate } = await detectNoise({ ...set, planted, space: 'trained' });
    const flagged = (i: number) => ['drop', 'relabel'].includes(decisions[i].decision);
    const wrong = decisions.filter((_, i) => flagged(i) !== isWrong[i] && decisions[i].decision !== 'review');
    expect(wrong.length).toBeLessThan(0.02 * decisions.length);
    const share = isWrong.filter(Boolean).length / isWrong.length;
    expect(noiseRate!.low).toBeLessThan(share);
    expect(noiseRate!.high).toBeGreaterThan(share);
    const own = [...planted.keys()].filter((i) => planted[i] >= 0);
    expect(own.some((i) => isWrong[i])).toBe(true);
    for (const i of own) {
      expect(decisions[i].evidence.trainingMargin).toBeNull();
      expect(decisions[i].evidence.rivalIdentity).not.toBe(`P${planted[i]}`);
      if (!isWrong[i]) expect(flagged(i)).toBe(false);
    }
  });

  it('has nothing called noise where there is none', async () => {
    const { isWrong, ...set } = learntFaces(0);
    const { decisions } = await detectNoise({ ...set, space: 'trained' });
    expect(isWrong.some(Boolean)).toBe(false);
    expect(decisions.filter(({ decision }) => ['drop', 'relabel', 'review'].includes(decision))).toEqual([]);
  });
});
