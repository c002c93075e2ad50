import { describe, expect, it } from 'vitest';
import type { Decision, DecisionName } from '../../src/core/records.js';
import { applyProposals } from '../../src/identities/apply-proposals.js';
import type { LabelProposals } from '../../src/identities/label-proposals.js';

const identities = ['Ada', 'Ada L', 'Bob'];
const decided = (decision: DecisionName, rival: string, suggested: string | null = null, rivalCos = 0.7): Decision => ({
  path: 'x',
  decision,
  reason: 'not Ada',
  suggestedIdentity: suggested,
  pNoise: 0.9,
  evidence: { rivalIdentity: rival, rivalCos, cosOwn: 0.6 } as Decision['evidence'],
});
const merge = { confidence: 0.9, cosine: 0.9, similarity: 1, pairsAbove: 1, examples: [] };
const merged = (coreOfAda: number[], coreOfAdaL: number[]): LabelProposals => ({
  merges: [{ ...merge, a: 0, b: 1, prototypes: [coreOfAda, coreOfAdaL] }],
  splits: [],
  prototypes: [],
});
const heed = (decision: Decision, proposals: LabelProposals): Decision =>
  applyProposals([decision], identities, proposals)[0];

describe('a merge proposal', () => {
  it('spares images that the other name of their person speaks against, on both sides', () => {
    for (const decision of [decided('relabel', 'Ada L', 'Ada L'), decided('drop', 'Ada L')])
      expect(heed(decision, merged([0], []))).toMatchObject({ decision: 'keep', suggestedIdentity: null, pNoise: 0.9 });
    expect(heed(decided('relabel', 'Ada', 'Ada'), merged([], [0])).decision).toBe('keep');
    expect(heed(decided('drop', 'Ada L'), merged([0], [])).reason).toBe(
      'Ada and Ada L seem to be one person, so that says nothing: not Ada',
    );
  });

  it('spares no image that somebody else is nearer to, and none that is not of the person', () => {
    for (const [decision, proposals] of [
      [decided('relabel', 'Bob', 'Bob'), merged([0], [])],
      [decided('drop', 'Bob'), merged([0], [])],
      [decided('drop', 'Ada L'), merged([], [])],
      [decided('review', 'Ada L'), merged([0], [])],
    ] as const)
      expect(heed(decision, proposals)).toEqual(decision);
  });

  it('spares images that only neighbours under the other name speak against', () => {
    expect(heed(decided('drop', 'Bob', null, 0.5), merged([0], [])).decision).toBe('keep');
    expect(heed(decided('drop', 'Bob', null, 0.5), merged([], [0])).decision).toBe('keep');
    expect(heed(decided('drop', 'Bob', null, 0.5), merged([], [])).decision).toBe('drop');
  });

  it('knows all names of a person who has three', () => {
    const proposals = merged([0], []);
    proposals.merges.push({ ...merge, a: 0, b: 2, prototypes: [[0], []] });
    expect(heed(decided('relabel', 'Bob', 'Bob'), proposals).decision).toBe('keep');
    expect(heed(decided('relabel', 'Ada L', 'Ada L'), proposals).decision).toBe('keep');
  });
});

describe('a split proposal', () => {
  const split: LabelProposals = {
    prototypes: [],
    merges: [],
    splits: [
      {
        label: 0,
        confidence: 0.97,
        examples: [],
        groups: [
          { images: [0], similarity: 1, confidence: 1 },
          { images: [1, 2, 3], similarity: 0.1, confidence: 0.97 },
        ],
      },
    ],
  };
  const names = (['drop', 'drop', 'keep', 'relabel', 'drop'] as const).map((name) => decided(name, 'Bob'));

  it('makes one question of the group, whether its images were dropped or doubted', () => {
    const doubted = (['keep', 'drop', 'review', 'keep'] as const).map((name) => decided(name, 'Bob'));
    const applied = applyProposals(doubted, identities, split);
    expect(applied.map(({ decision }) => decision)).toEqual(['keep', 'review', 'review', 'keep']);
    expect(applied[2].reason).toBe(applied[1].reason);
  });

  it('tells several other people of a name apart', () => {
    const [first, second] = split.splits[0].groups;
    const three = { ...split.splits[0], groups: [first, { ...second, images: [1] }, { ...second, images: [4] }] };
    const applied = applyProposals(names, identities, { ...split, splits: [three] });
    expect(applied[1].reason).toContain('perhaps second person 1 named Ada');
    expect(applied[4].reason).toContain('perhaps second person 2 named Ada');
  });

  it('sends dropped images of the second person to review and names it; everything else stays', () => {
    const applied = applyProposals(names, identities, split);
    expect(applied.map(({ decision }) => decision)).toEqual(['drop', 'review', 'keep', 'relabel', 'drop']);
    expect(applied[1].reason).toBe('perhaps a second person named Ada (3 images, confidence 0.97): not Ada');
    expect(names[1].decision).toBe('drop');
  });
});
