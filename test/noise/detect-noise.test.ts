import { describe, expect, it } from 'vitest';
import { FeatureError } from '../../src/core/labelled-features.js';
import { randomOf } from '../../src/core/random.js';
import { detectNoise } from '../../src/noise/detect-noise.js';
import { NoiseOptionError } from '../../src/noise/noise-options.js';
import { labelledFaces } from '../helpers/labelled-faces.js';

const { rows, labels, wrong } = labelledFaces();
const flat = { data: Float32Array.from(rows.flat()), dimensions: rows[0].length };

describe('detectNoise', () => {
  it('finds wrong labels from an array of rows and names alone, and says what they should be', async () => {
    const { decisions, pNoise, noiseRate } = await detectNoise({ features: rows, labels });
    const flagged = decisions.flatMap(({ decision }, i) => (['drop', 'relabel'].includes(decision) ? [i] : []));
    expect(flagged).toEqual([...wrong.keys()].sort((a, b) => a - b));
    const relabelled = decisions.filter(({ decision }) => decision === 'relabel');
    expect(relabelled.length).toBeGreaterThan(0);
    for (const { path, suggestedIdentity } of relabelled) expect(suggestedIdentity).toBe(wrong.get(Number(path)));
    expect(pNoise).toHaveLength(rows.length);
    expect(noiseRate!.estimate).toBeCloseTo(wrong.size / rows.length, 1);
  });

  it('gives the same for one flat array, and for class numbers with names', async () => {
    const identities = [...new Set(labels)].sort();
    const numbers = Int32Array.from(labels, (name) => identities.indexOf(name));
    const byRows = await detectNoise({ features: rows, labels });
    expect((await detectNoise({ features: flat, labels })).decisions).toEqual(byRows.decisions);
    expect((await detectNoise({ features: flat, labels: numbers, identities })).decisions).toEqual(byRows.decisions);
  });

  it('leaves the features as they are, unless it is told to overwrite them', async () => {
    const unit = rows.map((row) => row.map((value) => value / Math.hypot(...row)));
    const features = { data: Float32Array.from(unit.flat()), dimensions: flat.dimensions };
    const before = features.data.slice();
    const kept = await detectNoise({ features, labels });
    expect(features.data).toEqual(before);
    const overwritten = await detectNoise({ features, labels }, { overwriteFeatures: true });
    expect(features.data).not.toEqual(before);
    expect(overwritten.decisions).toEqual(kept.decisions);
  });

  it('takes the lengths of the rows as quality, and knows none where all rows have unit length', async () => {
    const unit = rows.map((row) => row.map((value) => value / Math.hypot(...row)));
    const [scaled, plain] = [
      await detectNoise({ features: rows, labels }),
      await detectNoise({ features: unit, labels }),
    ];
    expect(scaled.scored[0].evidence.quality).toBeGreaterThan(0);
    expect(plain.scored[0].evidence.quality).toBeNull();
    expect(plain.decisions.map(({ decision }) => decision)).not.toContain('duplicate');
  });

  it('does not depend on the order of the images', async () => {
    const order = randomOf(1, 'order').shuffle(Array.from(rows.keys()));
    const straight = await detectNoise({ features: rows, labels });
    const shuffled = await detectNoise({ features: order.map((i) => rows[i]), labels: order.map((i) => labels[i]) });
    order.forEach((i, at) => expect(shuffled.decisions[at].decision).toBe(straight.decisions[i].decision));
  });

  it('counts only the rules that it has the evidence for, and refuses to decide by another', async () => {
    const { ruleCounts } = await detectNoise({ features: rows, labels });
    expect(ruleCounts).toEqual({ calibrated: wrong.size });
    await expect(detectNoise({ features: rows, labels }, { rule: 'angle' })).rejects.toThrow(NoiseOptionError);
  });

  it('calls its steps by name, and stops when it is told to', async () => {
    const steps: string[] = [];
    await detectNoise({ features: rows, labels }, { onStep: (step) => steps.push(step) });
    expect(steps).toEqual(['index', 'recall', 'neighbours', 'proposals', 'calibrate', 'decide', 'other rules']);
    await expect(detectNoise({ features: rows, labels }, { signal: AbortSignal.abort() })).rejects.toThrow(
      'interrupted',
    );
  });

  it('decides by the cut that a target asks for, and tells it', async () => {
    for (const targets of [{ targetRecall: 0.4 }, { targetPrecision: 0.6 }]) {
      const { decisions, pNoise, cut } = await detectNoise({ features: rows, labels }, targets);
      expect(cut.dropAt).not.toBe(0.5);
      decisions.forEach(({ decision }, i) =>
        expect(['drop', 'relabel'].includes(decision)).toBe(pNoise[i] >= cut.dropAt),
      );
    }
  });

  it('takes the two names of one person for one class: neither is the nearest other of the other', async () => {
    const twice = labels.map((name, i) => (name === 'person 03' && i % 2 === 0 ? 'also person 03' : name));
    const { scored, proposals, identities } = await detectNoise({ features: rows, labels: twice });
    expect(proposals.merges.map(({ a, b }) => [identities[a], identities[b]].sort())).toEqual([
      ['also person 03', 'person 03'],
    ]);
    for (const { identity, evidence } of scored)
      if (identity.endsWith('person 03')) expect(evidence.rivalIdentity).not.toMatch(/person 03/);
  });

  it('takes pictures without a face for nobody, however alike they are', async () => {
    const random = randomOf('wall');
    const wall = Array.from(rows[0], () => random.normal());
    const isWall = (i: number): boolean => labels[i] === 'person 05' && i % 2 === 0;
    const features = rows.map((row, i) => (isWall(i) ? wall.map((value) => value + 0.2 * random.normal()) : row));
    const splitsWith = async (score: number): Promise<string[]> => {
      const faceScores = Float32Array.from(rows, (_, i) => (isWall(i) ? score : 1));
      const { proposals, identities } = await detectNoise({ features, labels, faceScores });
      return proposals.splits.map(({ label }) => identities[label]);
    };
    expect(await splitsWith(1)).toEqual(['person 05']);
    expect(await splitsWith(0)).toEqual([]);
  });

  it('drops nothing by a network that was trained on these labels and learnt next to nothing, and heeds what it learnt', async () => {
    const learnt = Float32Array.from(labels, (_, i) => (wrong.has(i) ? -0.2 : 0.4) + 0.01 * (i % 7));
    const trained = { features: rows, labels, space: 'trained' as const };
    const { decisions, withheld } = await detectNoise({ ...trained, margins: learnt.map((margin) => margin - 1) });
    expect(decisions.filter(({ decision }) => ['drop', 'relabel'].includes(decision))).toEqual([]);
    expect(withheld).toMatchObject({ learnt: 0 });
    const heeded = await detectNoise({ ...trained, margins: learnt });
    expect(heeded.withheld).toBeUndefined();
    const late = learnt.with(0, -0.4);
    expect((await detectNoise({ ...trained, margins: late })).pNoise[0]).toBeGreaterThan(heeded.pNoise[0]);
  });

  it('keeps one of several copies', async () => {
    const every = Int32Array.from(rows.keys());
    const copyGroups = every.map((i) => (i === 1 ? 0 : i));
    const copies = { copyGroups, faceGroups: copyGroups, mirrored: rows.map(() => false), pairs: [] };
    const { decisions } = await detectNoise({ features: [rows[0], rows[0], ...rows.slice(2)], labels, copies });
    expect([decisions[0].decision, decisions[1].decision].sort()).toEqual(['duplicate', 'keep']);
    expect(decisions[1].reason).toBe('the same picture as 0, saved anew');
  });

  it.each([
    ['labels of another count', { features: rows, labels: labels.slice(1) }, /240 rows of features and 239 labels/],
    [
      'a row of another length',
      { features: [rows[0], [1, 2]], labels: ['a', 'b'] },
      /Row 1 of the features has 2 numbers/,
    ],
    [
      'NaN',
      {
        features: [
          [1, NaN],
          [1, 2],
        ],
        labels: ['a', 'b'],
      },
      /Row 0 of the features holds a number that is not finite/,
    ],
    [
      'a row of zeros',
      {
        features: [
          [1, 1],
          [0, 0],
        ],
        labels: ['a', 'b'],
      },
      /Row 1 of the features is all zeros/,
    ],
    ['no row', { features: [], labels: [] }, /no features/],
    ['numbers without names', { features: rows, labels: new Int32Array(rows.length) }, /Label 0 is 0, and there are 0/],
    ['quality of another count', { features: rows, labels, quality: new Float32Array(3) }, /"quality" has 3 entries/],
    ['a broken array', { features: { data: new Float32Array(5), dimensions: 2 }, labels }, /5 numbers are no whole/],
  ])('refuses %s', async (_, input, message) => {
    await expect(detectNoise(input)).rejects.toThrow(FeatureError);
    await expect(detectNoise(input)).rejects.toThrow(message);
  });

  it.each([
    [{ dropAt: 2 }, /"dropAt" must be between 0 and 1; got 2/],
    [{ neighbours: 0 }, /"neighbours" must be a whole number from 1; got 0/],
    [{ seed: -1 }, /"seed" must be a whole number from 0; got -1/],
    [{ rule: 'angel' as 'angle' }, /There is no rule "angel"/],
  ])('refuses %o', async (options, message) => {
    await expect(detectNoise({ features: rows, labels }, options)).rejects.toThrow(message);
  });
});
