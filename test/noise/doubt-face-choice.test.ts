import { describe, expect, it } from 'vitest';
import type { Decision, Evidence } from '../../src/core/records.js';
import { doubtFaceChoice } from '../../src/noise/doubt-face-choice.js';
import { noEvidence } from '../helpers/decided-workspace.js';

const decided = (decision: Decision['decision'], evidence: Partial<Evidence>, pNoise = 0.7): Decision => ({
  ...{ path: 'a.jpg', decision, reason: 'why', suggestedIdentity: null, pNoise },
  evidence: { ...noEvidence, cosOwn: 0.5, ...evidence },
});
const doubted = (decision: Decision['decision'], evidence: Partial<Evidence>): string => {
  const { decision: what, reason } = doubtFaceChoice(decided(decision, evidence), 'Ada');
  return `${what}: ${reason}`;
};

describe('a doubtful choice of one of several faces', () => {
  it('goes to review where another face may as well be meant', () => {
    expect(doubted('keep', { faces: 3, face: 1, otherFace: 0 })).toBe(
      'review: uncertain: faces 2 and 1 of 3 come again in the images of Ada about as much; why',
    );
    expect(doubted('keep', { faces: 2, face: 0, otherFace: 1, cosOwn: null })).toBe(
      'review: uncertain: it has 2 faces, and no other image tells which of them is Ada; why',
    );
  });

  it.each(['drop', 'relabel'] as const)(
    'goes to review instead of %s where the judged face shows little',
    (decision) => {
      expect(doubted(decision, { faces: 2, face: 1, quality: 0.7 })).toContain(
        'review: uncertain: face 2 of 2 was judged',
      );
      expect(doubted(decision, { faces: 2, face: 1, quality: 1 })).toBe(`${decision}: why`);
      expect(doubted(decision, { faces: 1, face: 0, quality: 0.7 })).toBe(`${decision}: why`);
    },
  );

  it('is no doubt where even so little is plainly noise', () => {
    const plain = decided('drop', { faces: 2, face: 1, quality: 0.7 }, 0.85);
    expect(doubtFaceChoice(plain, 'Ada')).toEqual(plain);
  });

  it('is not asked about again once a person chose', () => {
    expect(doubted('keep', { faces: 2, face: 0, otherFace: 1, faceChosen: true })).toBe('keep: why');
    expect(doubted('drop', { faces: 2, face: 0, quality: 0.5, faceChosen: true })).toBe('drop: why');
  });
});
