import { describe, expect, it } from 'vitest';
import { defaults } from '../../src/core/config.js';
import { type Random, randomOf } from '../../src/core/random.js';
import { inSpace } from '../../src/core/spaces.js';
import { mean } from '../../src/core/statistics.js';
import { type Matrix, unitRows } from '../../src/core/vectors.js';
import { exactNeighbours } from '../../src/index/exact-index.js';
import type { EstimateInput } from '../../src/noise/estimate-input.js';
import { estimateNoise } from '../../src/noise/estimate-noise.js';
import { knnAgreement } from '../../src/noise/knn-agreement.js';
import type { NoiseEstimate } from '../../src/noise/noise-estimate.js';
import { fitWhitening } from '../../src/noise/wccn.js';

const [D, PEOPLE, EACH] = [24, 16, 10];
const direction = (random: Random): number[] => {
  const row = Array.from({ length: D }, () => random.normal());
  const length = Math.hypot(...row);
  return row.map((value) => value / length);
};

interface Drawn {
  rows: number[][];
  labels: number[];
  people: number[][];
  random: Random;
}
/** Sixteen people, ten images each; `scatter` of an image off its person, a number a dimension. */
function drawn(name: string, scatter = 0.1): Drawn {
  const random = randomOf(name);
  const people = Array.from({ length: PEOPLE }, () => direction(random));
  const labels = Array.from({ length: PEOPLE * EACH }, (_, i) => Math.floor(i / EACH));
  const rows = labels.map((person) => people[person].map((value) => value + scatter * random.normal()));
  return { rows, labels, people, random };
}
const matrixOf = (rows: number[][]): Matrix =>
  unitRows({ data: Float32Array.from(rows.flat()), rows: rows.length, dimensions: D });

async function estimated(
  { rows, labels }: Pick<Drawn, 'rows' | 'labels'>,
  more: Partial<EstimateInput> = {},
): Promise<NoiseEstimate> {
  const [matrix, every, given] = [matrixOf(rows), Int32Array.from(rows.keys()), Int32Array.from(labels)];
  const near = await exactNeighbours(matrix, every, 15, undefined);
  const identities = Math.max(...labels) + 1;
  return estimateNoise(
    inSpace('frozen', matrix),
    {
      ...{
        labels: given,
        identities,
        agreement: knnAgreement(near, 10, given, every),
        copyGroups: every,
        faceGroups: every,
      },
      ...{
        quality: null,
        prototypes: Array.from({ length: identities }, () => null),
        faceScores: null,
        margins: null,
        planted: null,
        isAside: labels.map(() => false),
      },
      ...{ seed: 1, search: defaults.index },
      ...more,
    },
    false,
  );
}
/** Margins of a network that learnt the labels of images that are right, and not those of the others. */
const marginsOf = (right: boolean[], random: Random): Float32Array =>
  Float32Array.from(right, (yes) => (yes ? 0.5 : -0.1) + 0.05 * random.normal());

/** Every tenth image shows a stranger. */
function withStrangers(name: string, scatter?: number): Drawn & { right: boolean[] } {
  const set = drawn(name, scatter);
  const right = set.rows.map((_, i) => i % 10 !== 3);
  return { ...set, rows: set.rows.map((row, i) => (right[i] ? row : direction(set.random))), right };
}

describe.each([
  ['frozen', false],
  ['trained', true],
])('of a %s network', (_, isTrained) => {
  const marginsFor = (right: boolean[], random: Random): Partial<EstimateInput> =>
    isTrained ? { margins: marginsOf(right, random) } : {};

  it('the noise rate has an interval that chance explains: some 1.96 deviations of a share each way', async () => {
    const set = withStrangers('interval');
    const { noiseRate, pNoise } = await estimated(set, marginsFor(set.right, set.random));
    const { estimate, low, high } = noiseRate!;
    expect(Math.abs(estimate - 0.1)).toBeLessThan(0.05);
    expect(mean(pNoise)).toBeCloseTo(estimate, 1);
    const deviation = Math.sqrt((estimate * (1 - estimate)) / set.rows.length);
    expect((high - low) / (2 * 1.96 * deviation)).toBeGreaterThan(0.6);
    expect((high - low) / (2 * 1.96 * deviation)).toBeLessThan(2);
  });

  it('the only photograph of a class is as likely noise as any', async () => {
    const set = withStrangers('only');
    const alone = { rows: [...set.rows, direction(set.random)], labels: [...set.labels, PEOPLE] };
    const { pNoise, noiseRate } = await estimated(alone, marginsFor([...set.right, true], set.random));
    expect(pNoise.at(-1)).toBeGreaterThan(0.03);
    expect(pNoise.at(-1)).toBeCloseTo(noiseRate!.estimate, 1);
  });

  it('an image that leans towards somebody else is noise rather than one that leans nowhere', async () => {
    const set = drawn('leaning', 0.16);
    const lean = (own: number, towards: number[]): number[] =>
      set.people[0].map((value, d) => own * value + 0.95 * towards[d]);
    const strangers = withStrangers('leaning', 0.16);
    const rows = [...strangers.rows, lean(1.05, set.people[1]), lean(0.65, direction(randomOf('nowhere')))];
    const right = [...strangers.right, true, true];
    const { pNoise, ownClassCosine } = await estimated(
      { rows, labels: [...set.labels, 0, 0] },
      isTrained ? { margins: Float32Array.from(right, (yes) => (yes ? 0.5 : 0.4)) } : {},
    );
    const [towards, nowhere] = [pNoise.at(-2)!, pNoise.at(-1)!];
    expect(ownClassCosine.at(-2)).toBeGreaterThan(ownClassCosine.at(-1)!); // it is nearer to its own class, too
    expect(towards).toBeGreaterThan(nowhere);
  });

  it('a missing face is evidence where only noise has none', async () => {
    const set = withStrangers('faces');
    const rows = [...set.rows, direction(set.random), direction(set.random)];
    const labels = [...set.labels, PEOPLE, PEOPLE + 1]; // two people with one photograph: only the face tells
    const right = [...set.right, true, true];
    const faceScores = Float32Array.from(rows, (_, i) => Number(right[i] && i !== rows.length - 1));
    const { pNoise } = await estimated({ rows, labels }, { faceScores, ...marginsFor(right, set.random) });
    const [withFace, without] = [pNoise.at(-2)!, pNoise.at(-1)!];
    expect(without).toBeGreaterThan(3 * withFace);
  });
});

describe('of a frozen network', () => {
  it('a photograph under two names is wrong under the one of which nothing is known, where the other fits', async () => {
    const set = withStrangers('conflict');
    const [rows, labels] = [
      [...set.rows, direction(set.random)],
      [...set.labels, PEOPLE],
    ];
    const faceGroups = Int32Array.from(rows.keys(), (i) => (i === rows.length - 1 ? 0 : i));
    const [conflict, none] = [await estimated({ rows, labels }, { faceGroups }), await estimated({ rows, labels })];
    expect(none.pNoise.at(-1)).toBeLessThan(0.3);
    expect(conflict.pNoise.at(-1)).toBeGreaterThan(0.9);
    expect([...conflict.pNoise.slice(1, -1)]).toEqual([...none.pNoise.slice(1, -1)]);
  });

  it('an image that shows little goes to review where it would be noise if it showed more, and widens the interval', async () => {
    const set = withStrangers('blurred');
    const poor = Array.from({ length: 60 }, (_, i) => i % PEOPLE);
    const blurred = poor.map((person) => set.people[person].map((value) => 0.35 * value + 0.2 * set.random.normal()));
    const both = { rows: [...set.rows, ...blurred], labels: [...set.labels, ...poor] };
    const quality = Float32Array.from(both.rows, (_, i) => (i < set.rows.length ? 1 + i * 1e-4 : 0.2 + i * 1e-4));
    const [sharp, known] = [await estimated(both), await estimated(both, { quality })];
    const asked = [...both.rows.keys()].filter((i) => i >= set.rows.length && sharp.pNoise[i] > 0.95);
    expect(asked.length).toBeGreaterThan(8);
    const waiting = asked.filter(
      (i) => known.pNoise[i] >= defaults.sift.reviewAt && known.pNoise[i] < defaults.sift.dropAt,
    );
    for (const i of asked) expect(known.pNoise[i]).toBeGreaterThan(sharp.pNoise[i] / 3);
    expect(waiting.length).toBeGreaterThan(4);
    const { estimate, low, high } = known.noiseRate!;
    expect(high - estimate).toBeGreaterThan(1.5 * (estimate - low));
  });

  it('images of people with three photographs score like such, and not like those of people with sixty', async () => {
    const random = randomOf('sizes');
    const [large, small] = [10, 30];
    const people = Array.from({ length: large + small }, () => direction(random));
    const labels = people.flatMap((_, i) => Array<number>(i < large ? 60 : 3).fill(i));
    const right = labels.map((label, i) => label >= large || i % 10 !== 3);
    const rows = labels.map((label, i) =>
      right[i] ? people[label].map((value) => value + 0.21 * random.normal()) : direction(random),
    );
    const { pNoise } = await estimated({ rows, labels });
    const called = [...pNoise.keys()].filter((i) => pNoise[i] >= defaults.sift.dropAt);
    expect(called.filter((i) => labels[i] >= large)).toEqual([]);
    expect(called.filter((i) => !right[i]).length).toBeGreaterThan(52); // 46 where all sizes are as one, since the small ones' spread is wide
  });

  it('what varies from photograph to photograph is learnt from clean images alone', async () => {
    const set = drawn('clean spread', 0.05);
    const pose = direction(set.random);
    const clean = set.rows.map((row) => {
      const turn = 0.25 * set.random.normal();
      return row.map((value, d) => value + turn * pose[d]);
    });
    const right = clean.map((_, i) => i % 5 !== 0);
    const rows = clean.map((row, i) => (right[i] ? row : direction(set.random)));
    const { whitening } = await estimated({ rows, labels: set.labels });
    const labels = Int32Array.from(set.labels);
    const rootOf = async (weights: Float64Array): Promise<number[]> => {
      const { root } = await fitWhitening(inSpace('frozen', matrixOf(rows)), labels, weights, PEOPLE);
      return [...root].map((value) => value / root[0]);
    };
    const apart = (a: number[], b: number[]): number => Math.hypot(...a.map((value, i) => value - b[i]));
    const known = await rootOf(Float64Array.from(right, Number));
    const all = await rootOf(new Float64Array(rows.length).fill(1));
    const found = [...whitening.root].map((value) => value / whitening.root[0]);
    expect(apart(found, known)).toBeLessThan(0.3 * apart(all, known));
  });
});

describe('of a trained network', () => {
  it('images whose label was learnt late are noisier, and it is told apart from a frozen one', async () => {
    const set = withStrangers('late');
    const margins = marginsOf(set.right, set.random);
    const suspects = [11, 42, 85];
    const late = margins.map((margin, i) => (suspects.includes(i) ? -0.25 : margin));
    const [before, after, frozen] = [
      await estimated(set, { margins }),
      await estimated(set, { margins: late }),
      await estimated(set),
    ];
    for (const i of suspects) expect(after.pNoise[i]).toBeGreaterThan(before.pNoise[i] + 0.1);
    expect([...frozen.pNoise]).not.toEqual([...before.pNoise]);
  });

  it('a folder that is nearly half somebody else is told apart, who is in the set under the own name', async () => {
    const set = drawn('half', 0.12);
    const rows = set.rows.map((row, i) =>
      i < 4 ? set.people[1].map((value) => value + 0.12 * set.random.normal()) : row,
    );
    const margins = marginsOf(
      rows.map((_, i) => i >= 4),
      set.random,
    );
    const { pNoise, ownClassCosine } = await estimated({ rows, labels: set.labels }, { margins });
    expect(Math.min(...pNoise.slice(0, 4))).toBeGreaterThan(0.9);
    expect(Math.max(...pNoise.slice(4, 10))).toBeLessThan(0.1);
    // The mean is that of the others: those who are nearer to another class have no say in it.
    const { ownClassCosine: known } = await estimated(
      { rows: set.rows, labels: set.labels },
      {
        margins: marginsOf(
          rows.map(() => true),
          set.random,
        ),
      },
    );
    expect(Math.abs(mean(ownClassCosine.slice(4, 10)) - mean(known.slice(4, 10)))).toBeLessThan(0.03);
  });

  it('blocks of wrong labels have no say in what a name looks like: they are nearer to another', async () => {
    const set = drawn('blocks', 0.12);
    /** Three of ten images under each of ten names show the person three names on; training learnt them as the others. */
    const shown = set.labels.map((label, i) => (label < 10 && i % EACH < 3 ? (label + 3) % PEOPLE : label));
    const rows = shown.map((person) => set.people[person].map((value) => value + 0.12 * set.random.normal()));
    const margins = Float32Array.from(rows, () => 0.4 + 0.05 * set.random.normal());
    const { ownClassCosine } = await estimated({ rows, labels: set.labels }, { margins });
    const ownOf = (asked: (label: number) => boolean): number =>
      mean(ownClassCosine.filter((_, i) => shown[i] === set.labels[i] && asked(set.labels[i])));
    expect(Math.abs(ownOf((label) => label < 10) - ownOf((label) => label >= 10))).toBeLessThan(0.04);
  });
});
