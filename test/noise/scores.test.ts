import { describe, expect, it } from 'vitest';
import { randomOf } from '../../src/core/random.js';
import type { CroppedImage } from '../../src/core/records.js';
import { inSpace } from '../../src/core/spaces.js';
import { standardDeviation } from '../../src/core/statistics.js';
import { addTrainingMargins } from '../../src/noise/add-training-margins.js';
import { leaveOneOutMeans, weightOfOtherMembers } from '../../src/noise/class-means.js';
import { applyConflicts } from '../../src/noise/conflict-prior.js';
import { excludedMembers } from '../../src/noise/eligible-members.js';
import { gatherEvidence } from '../../src/noise/evidence.js';
import { applyFacePresence, isFaint } from '../../src/noise/face-presence-prior.js';
import { initialWeights } from '../../src/noise/initial-weights.js';
import { knnAgreement } from '../../src/noise/knn-agreement.js';
import { noiseScore, nullScores, type ScoredFeatures } from '../../src/noise/null-scores.js';
import { defaults } from '../../src/core/config.js';

const close = (actual: ArrayLike<number>, expected: readonly number[], digits = 6): void => {
  expect(actual).toHaveLength(expected.length);
  expected.forEach((value, i) =>
    Number.isNaN(value) ? expect(actual[i]).toBeNaN() : expect(actual[i]).toBeCloseTo(value, digits),
  );
};
const matrix = (rows: number[][]) =>
  inSpace('frozen', { data: Float32Array.from(rows.flat()), rows: rows.length, dimensions: rows[0].length });

describe('training margins beside scores', () => {
  const scores = Float64Array.of(-0.5, -0.4, -0.3, 0.2, -0.35);
  const margins = Float32Array.of(8, 2, 6, 4, NaN);

  it('make images noisier whose label was learnt late, and count as much as the scores do', () => {
    const added = addTrainingMargins(scores, margins).map((value, i) => value - scores[i]);
    expect([added[1] > added[3], added[3] > added[2], added[2] > added[0]]).toEqual([true, true, true]);
    expect(standardDeviation(added.slice(0, 4))).toBeCloseTo(standardDeviation(scores), 6);
    expect(added.slice(0, 4).reduce((sum, value) => sum + value)).toBeCloseTo(0, 6);
  });

  it('leave an image alone of which training saw nothing', () => {
    expect(addTrainingMargins(scores, margins)[4]).toBe(-0.35);
    expect(addTrainingMargins(scores, new Float32Array(5).fill(3))).toEqual(scores); // all alike: they say nothing
  });
});

describe('the score of noise', () => {
  it('grows with the nearest other class, by its weight, and falls with the own one', () => {
    expect(noiseScore(0.7, 0.4, 0.5)).toBeCloseTo(0.5 * 0.4 - 0.7, 12);
    expect(noiseScore(0.7, -2, 1)).toBeCloseTo(-1 - 0.7, 12); // -2: there is no other class
  });

  /** Two images at right angles to all classes but their own. */
  const set = (weights: number[]): ScoredFeatures<'frozen'> => ({
    features: matrix([[1, 0, 0], [0.6, 0.8, 0]]), // prettier-ignore
    labels: Int32Array.of(0, 1),
    means: matrix([[1, 0, 0], [0, 1, 0], [0, 0, 1]]), // prettier-ignore
    ownClassCosine: Float64Array.of(0.9, 0.8),
    nearestOther: {
      label: Int32Array.of(1, 0),
      cosine: Float32Array.of(0.25, 0.5),
      secondLabel: Int32Array.of(2, 2),
      secondCosine: Float32Array.of(0.125, -0.5),
    },
    ...{ weights: Float64Array.from(weights), otherClassWeight: 1 },
  });
  const counts = (values: Float64Array): Map<string, number> => {
    const found = new Map<string, number>();
    for (const value of values) found.set(value.toFixed(4), (found.get(value.toFixed(4)) ?? 0) + 1);
    return found;
  };

  it('of noise is that of images under another name, their own class left out or in', () => {
    const { open, closed } = nullScores(set([1, 0]), randomOf('null'));
    // As class 1 the nearest other is the second nearest; as class 2 it is the nearest.
    expect([...counts(open).keys()].sort()).toEqual(['0.1250', '0.2500']);
    expect([...counts(closed).keys()]).toEqual(['0.9000']);
    const second = nullScores(set([0, 1]), randomOf('null'));
    expect([...counts(second.open).keys()].sort()).toEqual(['-1.1000', '0.5000']); // -.5 less .6, and .5 less 0
    expect([...counts(second.closed).keys()].sort()).toEqual(['0.2000', '0.8000']);
  });

  it('is drawn of images as often as they are clean', () => {
    const found = counts(nullScores(set([1, 0.25]), randomOf('null')).closed);
    const [clean, doubtful] = [found.get('0.9000')!, found.get('0.2000')! + found.get('0.8000')!];
    expect(clean / doubtful).toBeGreaterThan(3.5);
    expect(clean / doubtful).toBeLessThan(4.5);
  });
});

describe('agreement of the neighbours', () => {
  // Image 0 and its copy 1, two more of its class, one of another.
  const labels = Int32Array.of(0, 0, 0, 0, 1);
  const apart = Int32Array.of(0, 1, 2, 3, 4);
  const near = (ids: number[]) => ({
    k: ids.length,
    ids: Int32Array.from([...ids, ...Array<number>(4 * ids.length).fill(-1)]),
    cosines: new Float32Array(5 * ids.length),
  });

  it('is the share of the k nearest, out of as many as could agree', () => {
    expect(knnAgreement(near([4, 2, 1, 3]), 2, labels, apart)[0]).toBe(1 / 2);
    expect(knnAgreement(near([4, 2, 1, 3]), 4, labels, apart)[0]).toBe(3 / 3); // three others have its label
    expect(knnAgreement(near([4, 2, 1, 3]), 4, labels, apart)[4]).toBeNull(); // the only one of its class
  });

  it('with another class is out of all of its images', () => {
    expect(knnAgreement(near([4, 2]), 2, labels, apart, Int32Array.of(1, 1, 1, 1, -1))[0]).toBe(1);
    expect(knnAgreement(near([2, 3]), 2, labels, apart, Int32Array.of(1, 1, 1, 1, 0))[0]).toBe(0);
  });

  it('hears no copies', () => {
    const copies = Int32Array.of(0, 0, 2, 3, 4);
    expect(knnAgreement(near([1, 4]), 1, labels, copies)[0]).toBe(0);
  });
});

describe('the mean of the others of a class', () => {
  const rows = [[1, 0], [0, 1], [0, 1], [0.6, 0.8]]; // prettier-ignore
  const labels = new Int32Array(4);
  const ones = new Float64Array(4).fill(1);

  it('has each photograph once, however many copies it has', () => {
    const copies = Int32Array.of(0, 1, 1, 3); // images 1 and 2 are one photograph
    const { ownClassCosine } = leaveOneOutMeans(matrix(rows), labels, ones, 1, copies);
    close(ownClassCosine.subarray(0, 1), [(0 * 1 + 0.6) / Math.hypot(0.6, 1.8)]); // (0, 1) once and (.6, .8)
    close(weightOfOtherMembers(labels, ones, copies), [2, 2, 2, 2]);
  });

  it('weighs the others, and the image itself not at all', () => {
    const weights = Float64Array.of(1, 0.5, 0.25, 0);
    const apart = Int32Array.of(0, 1, 2, 3);
    const { ownClassCosine } = leaveOneOutMeans(matrix(rows), labels, weights, 1, apart);
    close(ownClassCosine, [
      0,
      0.25 / Math.hypot(1, 0.25),
      0.5 / Math.hypot(1, 0.5),
      (0.6 + 0.8 * 0.75) / Math.hypot(1, 0.75),
    ]);
    close(weightOfOtherMembers(labels, weights, apart), [0.75, 1.25, 1.5, 1.75]);
  });

  it('is nothing for the only photograph of a class, copied or not', () => {
    const { ownClassCosine } = leaveOneOutMeans(
      matrix(rows),
      Int32Array.of(0, 1, 1, 0),
      ones,
      2,
      Int32Array.of(0, 1, 1, 3),
    );
    expect(ownClassCosine[1]).toBeNaN();
    expect(ownClassCosine[2]).toBeNaN();
    expect(ownClassCosine[0]).toBeCloseTo(0.6, 6);
  });
});

describe('a photograph under several names', () => {
  it('is held to the name that fits it best', () => {
    const groups = Int32Array.of(0, 0, 0);
    const [wrong] = applyConflicts(Float64Array.of(0.2, 1e-6, 0.9), Int32Array.of(0, 1, 2), groups);
    expect(wrong).toBeGreaterThan(0.99);
  });

  it('is no conflict under one name', () => {
    const found = applyConflicts(Float64Array.of(0.2, 1e-6), Int32Array.of(0, 0), Int32Array.of(0, 0));
    expect([...found]).toEqual([0.2, 1e-6]);
  });
});

describe('images that show whom a name means', () => {
  it('have a face, and are no copies of earlier ones under the same name', () => {
    const image = (identity: string, sha256: string, dhash: string, state = 'ok') =>
      ({ identity, sha256, dhash, state }) as CroppedImage;
    const images = [
      image('A', 's1', 'd1'),
      image('A', 's1', 'd2'), // the same file
      image('A', 's3', 'd1'), // the same picture
      image('B', 's1', 'd1'), // under another name
      image('A', 's5', 'd5', 'no-face'),
    ];
    const isExcluded = excludedMembers(images, Int32Array.of(0, 0, 0, 1, 0));
    expect([0, 1, 2, 3, 4].map(isExcluded)).toEqual([false, true, true, false, true]);
  });
});

describe('the evidence on an image', () => {
  const estimate = {
    ownClassCosine: Float64Array.of(0.9, NaN, 0.7),
    nearestOther: { label: Int32Array.of(1, -1, 0), cosine: Float32Array.of(0.5, -2, 0.25) },
  };
  const sources = {
    ...{
      identities: ['A', 'B'],
      faces: null,
      quality: Float32Array.of(10, 20, 40),
      margins: Float32Array.of(0.5, NaN, 0.25),
    },
    ...{ agreement: [1, null, 0.5], otherAgreement: [0, null, 0.25], estimate: estimate as never },
    subcenters: {
      classes: Int32Array.of(0, 1, 1),
      assignment: {
        ...{
          subcenter: Int32Array.of(0, 1, 0),
          cosAssigned: Float32Array.of(0.5, 0.5, 0.5),
          cosDominant: Float32Array.of(0.5, 0.25, 0.5),
        },
        dominants: [{ subcenter: 0, share: 1, clear: true }, { subcenter: 1, share: 0.5, clear: false }], // prettier-ignore
      },
    },
  };

  it('has lengths against the middle one, and what is not known as null', () => {
    const found = gatherEvidence(sources);
    expect(found.map(({ quality }) => quality)).toEqual([0.5, 1, 2]);
    expect(found.map(({ cosOwn }) => cosOwn)).toEqual([0.9, null, 0.7]);
    expect(found.map(({ rivalIdentity, rivalCos }) => [rivalIdentity, rivalCos])).toEqual([['B', 0.5], [null, null], ['A', 0.25]]); // prettier-ignore
    expect(found.map(({ trainingMargin }) => trainingMargin)).toEqual([0.5, null, 0.25]);
  });

  it('has the dominant sub-centre of its own class', () => {
    const found = gatherEvidence(sources);
    expect(
      found.map(({ dominantSubcenter, dominantShare, hasDominant }) => [dominantSubcenter, dominantShare, hasDominant]),
    ).toEqual([
      [0, 1, true],
      [1, 0.5, false],
      [1, 0.5, false],
    ]);
  });
});

describe('faces', () => {
  it('are faint where the detector is less than nearly sure, and not where none was looked for', () => {
    const scores = Float32Array.of(0, 0.5, 0.9, 0.97, 1);
    expect([0, 1, 2, 3, 4].map((i) => isFaint(scores, i))).toEqual([true, true, true, false, false]);
    expect(isFaint(null, 0)).toBe(false);
  });

  it('that are missing speak for noise by the odds of noise against clean images that score like it', () => {
    // Noise: 10 without a face of 10. Hard clean images: 5 of 10. Easy ones: 0 of 80.
    const kinds = [
      ...Array<string>(10).fill('noise'),
      ...Array<string>(10).fill('hard'),
      ...Array<string>(80).fill('easy'),
      'asked',
      'asked',
    ];
    const pNoise = Float64Array.from(kinds, (kind) => (kind === 'noise' ? 1 : kind === 'asked' ? 0.5 : 0));
    const suspicion = kinds.map((kind) => Number(kind !== 'easy'));
    const faces = Float32Array.from(kinds, (kind, i) =>
      kind === 'noise' || (kind === 'hard' && i % 2 === 0) || i === 101 ? 0 : 1,
    );
    const found = applyFacePresence(pNoise, suspicion, faces);
    expect(found[101]).toBeGreaterThan(0.6); // about 1 : 1/2
    expect(found[101]).toBeLessThan(0.75);
    expect(found[100]).toBeLessThan(0.25); // of noise hardly one has a face, of hard images every second
  });

  it('that are found and faint never speak for the label, though most images without a face are right', () => {
    const kinds = ['noise', ...Array<string>(9).fill('hard'), 'faint', 'none'];
    const pNoise = Float64Array.from(kinds, (kind) => (kind === 'noise' ? 1 : kind === 'hard' ? 0 : 0.6));
    const faces = Float32Array.from(kinds, (kind) => ({ noise: 1, faint: 0.8 })[kind] ?? 0);
    const found = applyFacePresence(
      pNoise,
      kinds.map(() => 1),
      faces,
    );
    expect(found[10]).toBeCloseTo(0.6, 9);
    expect(found[11]).toBeLessThan(0.5);
  });
});

describe('first weights', () => {
  it('are the roots of what the neighbours say, where all images of a class are alike', () => {
    const input = {
      ...{
        labels: new Int32Array(6),
        identities: 1,
        copyGroups: Int32Array.of(0, 1, 2, 3, 4, 5),
        faceGroups: Int32Array.of(0, 1, 2, 3, 4, 5),
      },
      ...{
        agreement: [1, 0.25, 0.81, 1, 1, null],
        quality: null,
        margins: null,
        planted: null,
        isAside: Array<boolean>(6).fill(false),
        seed: 1,
        search: defaults.index,
      },
    };
    const features = matrix(Array<number[]>(6).fill([0.6, 0.8]));
    const faceScores = Float32Array.of(1, 1, 1, 1, 0, 1);
    const weights = initialWeights(features, { ...input, prototypes: [[0, 1, 2, 4, 5]], faceScores });
    close(weights, [1, 0.5, 0.9, Math.sqrt(0.05), Math.sqrt(0.05), 1], 5); // outside of the main cluster, and without a face
    close(initialWeights(features, { ...input, prototypes: [null], faceScores: null }), [1, 0.5, 0.9, 1, 1, 1], 5);
  });
});
