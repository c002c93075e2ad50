import { describe, expect, it } from 'vitest';
import type { Decision } from '../../src/core/records.js';
import { apart } from '../../src/duplicates/near-duplicates.js';
import { applyFacelessClasses } from '../../src/noise/faceless-classes.js';
import { unjudgedIdentities } from '../../src/noise/unjudged.js';

const decisionsOf = (pNoise: readonly number[]): Decision[] =>
  pNoise.map((p, i) => ({ path: String(i), decision: 'keep', pNoise: p }) as Decision);
const named = (pNoise: readonly number[], labels: readonly number[], copies = apart(labels.length)) =>
  unjudgedIdentities(decisionsOf(pNoise), Int32Array.from(labels), ['ada', 'ben', 'cy', 'dot'], copies, 0.25).map(
    ({ why, count, identities }) => [why.split(':')[0], count, identities],
  );

describe('identities that cannot be judged', () => {
  it('are named where they are one photograph, or no photograph is trusted', () => {
    expect(named([0, 0, 0, 0.1, 0.5, 0.6, 0], [0, 0, 1, 1, 2, 2, 3])).toEqual([
      ['one photograph', 1, ['dot']],
      ['no photograph of it is like the others', 1, ['cy']],
    ]);
  });

  it('are all of them where there are two', () => {
    expect(named([0, 0, 0, 0], [0, 0, 1, 1])).toEqual([
      ['fewer than 3 identities have two photographs or more', 2, ['ada', 'ben']],
    ]);
  });

  it('are both names of a person who lies under two', () => {
    const copies = apart(8);
    copies.faceGroups.set([0, 1, 0, 1]);
    copies.copyGroups.set([0, 1, 0, 1]);
    expect(named([0, 0, 0, 0, 0, 0, 0, 0], [0, 0, 1, 1, 2, 2, 3, 3], copies)).toEqual([
      ['each of its photographs is also under another name', 2, ['ada', 'ben']],
    ]);
  });
});

describe('a class without faces', () => {
  const labels = Int32Array.from([0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]);
  const scoresOf = (faceless: number): Float32Array => Float32Array.from(labels, (_, i) => (i < faceless ? 0 : 1));

  it('is noise where the detector finds a face in all others', () => {
    const pNoise = applyFacelessClasses(new Float64Array(13), labels, scoresOf(3));
    expect([...pNoise.slice(0, 4)]).toEqual([0.95, 0.95, 0.95, 0]);
  });

  it('is in doubt where the detector misses faces elsewhere', () => {
    expect(applyFacelessClasses(new Float64Array(13), labels, scoresOf(5))[0]).toBeLessThan(0.5);
  });
});
