import { describe, expect, it } from 'vitest';
import { cosineOfDegrees } from '../../src/core/angles.js';
import { randomOf } from '../../src/core/random.js';
import type { Evidence } from '../../src/core/records.js';
import { decide, type ScoredImage } from '../../src/noise/decide.js';
import { fitMixture, noiseProbabilities, noiseShare, normalOf } from '../../src/noise/mixture.js';
import { rules } from '../../src/noise/rules.js';

const settings = { angle: 75, dropAt: 0.5, reviewAt: 0.25, hardFence: 1.5 };

const evidenceAt = (degrees: number, more: Partial<Evidence> = {}): Evidence => ({
  cosOwn: cosineOfDegrees(degrees),
  cosDominant: cosineOfDegrees(degrees),
  cosAssigned: cosineOfDegrees(degrees),
  subcenter: 0,
  dominantSubcenter: 0,
  dominantShare: 0.8,
  hasDominant: true,
  neighbourAgreement: 0.9,
  rivalIdentity: 'rival',
  rivalCos: cosineOfDegrees(85),
  rivalAgreement: 0,
  trainingMargin: 0.4,
  quality: 1,
  ...more,
});
const suspectAt = (degrees: number, pNoise: number, more: Partial<Evidence> = {}): ScoredImage => ({
  path: `p/${degrees}`,
  identity: 'own',
  evidence: evidenceAt(degrees, more),
  pNoise,
});
const crowd = [30, 31, 32, 33, 34, 35, 36, 37].map((degrees) => suspectAt(degrees, 0.01));

describe('decisions by the calibrated rule', () => {
  const decided = (suspect: ScoredImage) => decide([...crowd, suspect], rules.calibrated, settings).at(-1)!;

  it('keep what is likely clean, review the middle, drop the rest', () => {
    expect(decided(suspectAt(34, 0.1)).decision).toBe('keep');
    expect(decided(suspectAt(34, 0.3)).decision).toBe('review');
    expect(decided(suspectAt(34, 0.5)).decision).toBe('drop');
  });

  it('list as hard what is clean but far from the rest', () => {
    expect(decided(suspectAt(60, 0.1)).decision).toBe('hard');
  });

  it('review and drop what is at the cuts, not only what is beyond', () => {
    expect(decided(suspectAt(34, settings.reviewAt)).decision).toBe('review');
    expect(decided(suspectAt(34, settings.reviewAt - 1e-9)).decision).toBe('keep');
    expect(decided(suspectAt(34, settings.dropAt)).decision).toBe('drop');
  });

  it('list as hard what lies so many quartile distances beyond the upper quartile as the fence says', () => {
    const under = (hardFence: number) =>
      decide([...crowd, suspectAt(39, 0.1)], rules.calibrated, { ...settings, hardFence });
    expect([1.5, 0.2].map((fence) => under(fence).at(-1)!.decision)).toEqual(['keep', 'hard']); // 35 + 4 fence, or nearly
  });

  it('relabel to a rival whose cosine nine of ten clean images reach to their own', () => {
    const near = (degrees: number) => ({ rivalCos: cosineOfDegrees(degrees), rivalAgreement: 0.8 });
    expect(decided(suspectAt(80, 0.9, near(35))).decision).toBe('relabel'); // of 30 to 37
    expect(decided(suspectAt(80, 0.9, near(40))).decision).toBe('drop');
  });

  it('blame the picture where it is among the worst of the set, and only there', () => {
    const poor = crowd.map((one, i) => ({ ...one, evidence: { ...one.evidence, quality: 1 + i } }));
    const reasonOf = (quality: number) =>
      decide([...poor, suspectAt(34, 0.3, { quality })], rules.calibrated, settings).at(-1)!.reason;
    expect(reasonOf(0.1)).toContain('low quality');
    expect(reasonOf(9)).not.toContain('low quality');
  });

  it('relabel what looks like a member of its rival', () => {
    const { decision, suggestedIdentity, reason } = decided(
      suspectAt(80, 0.9, { rivalCos: cosineOfDegrees(30), rivalAgreement: 0.8 }),
    );
    expect([decision, suggestedIdentity]).toEqual(['relabel', 'rival']);
    expect(reason).toContain('not own but rival');
  });

  it('drop what is near to a rival but not among its images, and what has no face', () => {
    const near = { rivalCos: cosineOfDegrees(30) };
    expect(decided(suspectAt(80, 0.9, { ...near, rivalAgreement: 0.1 })).decision).toBe('drop');
    const faceless = decided(suspectAt(80, 0.9, { ...near, rivalAgreement: 0.8, faces: 0 }));
    expect(faceless.decision).toBe('drop');
    expect(faceless.reason).toContain('no face was found in it');
  });
});

describe('the rules of the vote', () => {
  it.each(['angle', 'dominant', 'either', 'both'] as const)(
    '%s sends an identity without a dominant to review',
    (name) => {
      const suspect = suspectAt(80, 0.9, { hasDominant: false, subcenter: 1 });
      expect(decide([suspect], rules[name], settings)[0].decision).toBe('review');
    },
  );

  it('agree with their names', () => {
    const says = (name: keyof typeof rules, suspect: ScoredImage) =>
      rules[name].call(suspect.evidence, suspect.pNoise, settings).says;
    const farDominant = suspectAt(80, 0);
    const nearOther = suspectAt(40, 0, { subcenter: 2 });
    expect([says('angle', farDominant), says('angle', nearOther)]).toEqual(['noise', 'clean']);
    expect([says('dominant', farDominant), says('dominant', nearOther)]).toEqual(['clean', 'noise']);
    expect([says('either', farDominant), says('either', nearOther)]).toEqual(['noise', 'noise']);
    expect([says('both', farDominant), says('both', nearOther)]).toEqual(['clean', 'clean']);
    expect(says('both', suspectAt(80, 0, { subcenter: 2 }))).toBe('noise');
  });

  it('insightface-drop keeps or drops, even without a dominant', () => {
    const names = decide(
      [...crowd, suspectAt(74.9, 1, { hasDominant: false }), suspectAt(75.1, 0)],
      rules['insightface-drop'],
      settings,
    );
    expect(names.slice(-2).map(({ decision }) => decision)).toEqual(['keep', 'drop']);
  });
});

describe('hard images', () => {
  /** The only image of its class: there is no angle to others, only the one to its sub-centre. */
  const alone = (degrees: number): ScoredImage => suspectAt(degrees, 0.01, { cosOwn: null });

  it('are outliers among angles of their own space: angles to sub-centres are not compared with angles to class means', () => {
    const near = [10, 11, 12, 13, 14, 15, 16, 17].map(alone);
    const names = decide([...crowd, ...near, alone(33)], rules.calibrated, settings).map(({ decision }) => decision);
    expect(names.at(-1)).toBe('hard');
    expect(names.slice(0, -1)).toEqual(Array(names.length - 1).fill('keep'));
  });

  it('are kept where no angle is known', () => {
    const unknown = suspectAt(89, 0.01, { cosOwn: null, cosDominant: null });
    expect(decide([...crowd, unknown], rules.calibrated, settings).at(-1)!.decision).toBe('keep');
  });
});

describe('every rule', () => {
  it.each(Object.entries(rules))('%s explains its call', (_, rule) => {
    const { says, because } = rule.call(evidenceAt(50), 0.3, settings);
    expect(['clean', 'unsure', 'noise']).toContain(says);
    expect(because).not.toBe('');
  });
});

describe('the mixture', () => {
  const random = randomOf('mixture');
  const share = 0.2;
  const noisy = Array.from({ length: 2000 }, (_, i) => i < share * 2000);
  const scores = Float64Array.from(noisy, (isNoise) => (isNoise ? 4 + random.normal() : -1 + 1.2 * random.normal()));

  it('finds the share of the noise and probabilities that hold', () => {
    const mixture = fitMixture(
      scores,
      noisy.map((isNoise, i) => isNoise && i % 3 === 0),
    );
    expect(noiseShare(mixture)).toBeCloseTo(share, 1);
    const probabilities = noiseProbabilities(scores, mixture);
    const between = noisy.filter((_, i) => probabilities[i] > 0.3 && probabilities[i] < 0.7);
    expect(between.filter(Boolean).length / between.length).toBeGreaterThan(0.2);
    const right = noisy.filter((isNoise, i) => probabilities[i] >= 0.5 === isNoise).length;
    expect(right / noisy.length).toBeGreaterThan(0.97);
  });

  it('never falls as the score grows', () => {
    const probabilities = noiseProbabilities(scores, fitMixture(scores, noisy));
    const order = [...scores.keys()].sort((a, b) => scores[a] - scores[b]);
    order.forEach((at, i) => i > 0 && expect(probabilities[at]).toBeGreaterThanOrEqual(probabilities[order[i - 1]]));
  });

  it('keeps what is known of noise and fits its share alone', () => {
    const known = normalOf(scores.filter((_, i) => noisy[i]));
    const mixture = fitMixture(
      scores,
      noisy.map((isNoise, i) => isNoise && i % 3 === 0),
      [known],
    );
    expect(mixture.noise[0].mean).toBe(known.mean);
    expect(noiseShare(mixture)).toBeCloseTo(share, 1);
  });

  it('beside known noise, neither takes hard images for noise nor noise of another shape for hard images', () => {
    const hard = noisy.map((isNoise, i) => !isNoise && i % 25 === 0);
    const [clean, strange] = [Array.from(noisy, random.normal), Array.from(noisy, random.normal)];
    const made = Float64Array.from(noisy, (isNoise, i) =>
      isNoise ? 3.6 + 1.4 * strange[i] : hard[i] ? 1 + 0.5 * clean[i] : -2 + 0.5 * clean[i],
    );
    const known = [{ weight: 0, mean: 4.5, variance: 1 }];
    const mixture = fitMixture(
      made,
      noisy.map((isNoise, i) => isNoise && i % 3 === 0),
      known,
    );
    const probabilities = noiseProbabilities(made, mixture);
    const taken = (those: boolean[]): number =>
      those.filter((one, i) => one && probabilities[i] >= 0.5).length / those.filter(Boolean).length;
    expect(taken(hard)).toBeLessThan(0.1);
    expect(taken(noisy)).toBeGreaterThan(0.65); // none at all, were a clean group free to go there
  });

  it('calls nothing noise without a suspect', () => {
    const mixture = fitMixture(
      scores,
      noisy.map(() => false),
    );
    expect(Math.max(...noiseProbabilities(scores, mixture))).toBe(0);
    expect(noiseShare(mixture)).toBe(0);
  });
});
