import { describe, expect, it } from 'vitest';
import type { Decision, DecisionName } from '../../src/core/records.js';
import { withholdUnlearnt } from '../../src/noise/withhold.js';
import { noEvidence } from '../helpers/decided-workspace.js';

const decided = (decision: DecisionName, trainingMargin: number | null, count: number): Decision[] =>
  Array.from({ length: count }, (_, i) => ({
    ...{ path: `A/${decision}-${i}.jpg`, decision, reason: `not A: ${decision}`, pNoise: 0.9 },
    ...{ suggestedIdentity: decision === 'relabel' ? 'B' : null, evidence: { ...noEvidence, trainingMargin } },
  }));
const noise = [...decided('drop', -0.2, 3), ...decided('relabel', -0.1, 2)];

describe('decisions of a network trained from scratch', () => {
  it('drop and relabel nothing where fewer than half of the clean images were told from other people', () => {
    const { decisions, withheld } = withholdUnlearnt(
      [...decided('keep', 0.1, 4), ...decided('keep', -0.1, 5), ...noise],
      0.2,
      0,
    );
    expect(withheld).toEqual({ learnt: 4 / 9, images: 5 });
    expect(decisions.slice(0, 9).every(({ decision }) => decision === 'keep')).toBe(true);
    expect(decisions.slice(9).map(({ decision }) => decision)).toEqual(Array(5).fill('review'));
    expect(decisions.at(-1)).toMatchObject({
      suggestedIdentity: 'B',
      reason: expect.stringMatching(/too little.*not A/),
    });
  });

  it('stand where it learnt enough, however much of the set is noise', () => {
    const much = [...decided('keep', 0.1, 5), ...decided('keep', -0.1, 4), ...noise, ...noise];
    expect(withholdUnlearnt(much, 0.5, 0)).toEqual({ decisions: much });
  });

  it('stand where it learnt little and finds most of the noise, and not where it finds less', () => {
    const little = [...decided('keep', 0.1, 4), ...decided('keep', -0.1, 5), ...noise];
    expect(withholdUnlearnt(little, 0.5, 0.5)).toEqual({ decisions: little });
    expect(withholdUnlearnt(little, 0.5, 0.49).withheld).toBeDefined();
  });

  it('are withheld where all of the set is called noise', () => {
    const { decisions, withheld } = withholdUnlearnt(noise, 0.5, 0);
    expect(withheld).toEqual({ learnt: 0, images: 5 });
    expect(new Set(decisions.map(({ decision }) => decision))).toEqual(new Set(['review']));
  });

  it('stand where no training margin is known', () => {
    const unknown = [...decided('keep', null, 2), ...decided('drop', null, 1)];
    expect(withholdUnlearnt(unknown, 0.5, 0)).toEqual({ decisions: unknown });
  });

  it('send the most doubtful to review, as many as may be noise', () => {
    const kept = decided('keep', -0.1, 10).map((decision, i) => ({ ...decision, pNoise: i / 100 }));
    const { decisions, withheld } = withholdUnlearnt(kept, 0.25, 0);
    expect(withheld).toEqual({ learnt: 0, images: 3 });
    expect(decisions.flatMap(({ decision }, i) => (decision === 'review' ? [i] : []))).toEqual([7, 8, 9]);
  });
});
