import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EffectiveNames, type NamedByPerson } from '../../../src/identities/names/effective-names.js';
import { type NameVerdict, nameVerdictMarks, questionOf } from '../../../src/identities/names/name-verdicts.js';

const images = ['A', 'B', 'C'].flatMap((identity) =>
  Array.from({ length: 4 }, (_, i) => ({ path: `${identity}/${i}`, identity })),
);
const given = (verdicts: readonly NameVerdict[]) =>
  verdicts.map((verdict, i) => ({ verdict, reviewer: 'ada', givenAt: '', batch: 10 * (i + 1) }));
const namesOf = (verdicts: readonly NameVerdict[], pins: readonly NamedByPerson[] = []) =>
  new EffectiveNames(images, given(verdicts), pins);
const merge = (a: string, b: string, into = a): NameVerdict => ({ kind: 'merge', a, b, into });
const rename = (name: string, into: string): NameVerdict => ({ kind: 'rename', name, into });
const different = (a: string, b: string): NameVerdict => ({ kind: 'different', a, b });
const split = (name: string, ...parts: [string, string[]][]): NameVerdict => ({
  kind: 'split',
  name,
  parts: parts.map(([part, listed]) => ({ name: part, images: listed })),
});
const discover = (name: string, ...listed: string[]): NameVerdict => ({ kind: 'discover', name, images: listed });
const split2 = split('C', ['C', ['C/0', 'C/1']], ['C~2', ['C/2']]);

describe('what a name becomes', () => {
  it('is the name as found without any verdict', () => {
    const names = namesOf([]);
    expect(names.nameOf('A/0')).toBe('A');
    expect(names.all()).toEqual(['A', 'B', 'C']);
    expect(names.state).toBeUndefined();
    expect(names.resolve('Nobody')).toBeUndefined();
  });

  it('is one name for two that were merged, under the name that was said; both stay aliases of it', () => {
    const names = namesOf([merge('A', 'B', 'Ada')]);
    expect(names.all()).toEqual(['Ada', 'C']);
    expect([names.nameOf('A/0'), names.nameOf('B/3')]).toEqual(['Ada', 'Ada']);
    expect([names.resolve('A'), names.resolve('B')]).toEqual(['Ada', 'Ada']);
    expect(names.foundUnder('Ada')).toEqual(['A', 'B']);
  });

  it('is A when A was merged into B and then B into A', () => {
    expect(namesOf([merge('B', 'A'), merge('A', 'B')]).all()).toEqual(['A', 'C']);
  });

  it('follows a rename of a name that was merged: the one person is renamed', () => {
    const names = namesOf([merge('A', 'B'), rename('B', 'Bob')]);
    expect(names.all()).toEqual(['Bob', 'C']);
    expect(names.resolve('A')).toBe('Bob');
  });

  it('lets names change places', () => {
    const names = namesOf([rename('A', 'X'), rename('B', 'A'), rename('X', 'B')]);
    expect([names.nameOf('A/0'), names.nameOf('B/0')]).toEqual(['B', 'A']);
  });

  it('changes nothing of others when a verdict is on a name that is not in the set any more', () => {
    expect(
      namesOf([merge('Gone', 'Away'), rename('Gone', 'X'), split('Gone', ['Gone', []], ['X', ['g']])]).all(),
    ).toEqual(['A', 'B', 'C']);
    expect(namesOf([merge('A', 'Gone')]).resolve('Gone')).toBe('A');
    expect(namesOf([merge('Gone', 'B')]).all()).toEqual(['A', 'C', 'Gone']);
  });

  it('divides a name; images that no part lists go with the first part', () => {
    const names = namesOf([split2]);
    expect(['C/0', 'C/2', 'C/3'].map((path) => names.nameOf(path))).toEqual(['C', 'C~2', 'C']);
    expect(names.areApart('C', 'C~2')).toBe(true);
  });

  it('divides a name into two others, also where one part keeps the name', () => {
    const names = namesOf([split('C', ['Ada', ['C/0']], ['C', ['C/1']])]);
    expect(['C/0', 'C/1', 'C/2'].map((path) => names.nameOf(path))).toEqual(['Ada', 'C', 'Ada']);
  });

  it('moves only images that have the name which is divided', () => {
    const names = namesOf([split('C', ['C', []], ['X', ['C/1', 'A/1', 'no/image']])]);
    expect([names.nameOf('C/1'), names.nameOf('A/1')]).toEqual(['X', 'A']);
  });

  it('divides what was merged, and merges what was divided', () => {
    const names = namesOf([merge('A', 'B'), split('A', ['A', ['A/0', 'B/0']], ['Z', ['A/1', 'B/1']]), merge('C', 'Z')]);
    expect(['A/0', 'B/0', 'A/1', 'B/1', 'A/2', 'B/2'].map((path) => names.nameOf(path))).toEqual([
      ...['A', 'A', 'C', 'C', 'A', 'A'],
    ]);
    expect(namesOf([split2, merge('C', 'C~2')]).areApart('C', 'C')).toBe(false);
  });

  it('gives the images of an unknown person a name, wherever they were found', () => {
    const names = namesOf([{ kind: 'discover', name: 'unknown-001', images: ['A/0', 'B/0', 'no/image'] }]);
    expect(names.all()).toEqual(['A', 'B', 'C', 'unknown-001']);
    expect(names.nameOf('B/0')).toBe('unknown-001');
  });

  it('is not joined with another unknown person by two discoveries of one name', () => {
    const names = namesOf([
      discover('unknown-001', 'A/0'),
      discover('unknown-001', 'B/0'),
      rename('unknown-001', 'Zo'),
    ]);
    expect([names.nameOf('A/0'), names.nameOf('B/0')]).toEqual(['Zo', 'unknown-001~2']);
  });

  it('takes in dropped images that are said to be theirs, under the name of now, and nothing for a name that is gone', () => {
    const said: NameVerdict = { kind: 'assign', name: 'B', images: ['A/0', 'C/0', 'no/image'] };
    const names = namesOf([rename('B', 'Bob'), said, { ...said, name: 'Gone', images: ['A/1'] }]);
    expect(['A/0', 'C/0', 'A/1'].map((path) => [names.nameOf(path), names.isAssigned(path)])).toEqual([
      ...[
        ['Bob', true],
        ['Bob', true],
        ['A', false],
      ],
    ]);
  });

  it('keeps what is left of a verdict after a name was forgotten', () => {
    const names = namesOf([
      { kind: 'merge', a: 'A', b: null, into: 'Ada' },
      { kind: 'merge', a: 'B', b: 'C', into: null },
    ]);
    expect(names.all()).toEqual(['Ada', 'B', 'C']);
  });
});

describe('an image that a person gave to a name', () => {
  const pin = (batch: number, identity = 'B'): NamedByPerson[] => [{ path: 'A/0', identity, batch }];

  it('goes with that name when it is merged or renamed later, and under what it is called now when that was before', () => {
    expect(namesOf([merge('C', 'B')], pin(5)).givenTo('A/0')).toBe('C');
    expect(namesOf([merge('C', 'B')], pin(15)).givenTo('A/0')).toBe('C');
    expect(namesOf([rename('B', 'X'), rename('A', 'B')], pin(5)).givenTo('A/0')).toBe('X');
    expect(namesOf([rename('B', 'X'), rename('A', 'B')], pin(25)).givenTo('A/0')).toBe('B');
  });

  it('is moved by no split and no discovery', () => {
    const said = [split('B', ['B', ['B/0']], ['B~2', ['A/0', 'B/1']])];
    expect(namesOf(said, pin(5)).givenTo('A/0')).toBe('B');
    expect(namesOf([{ kind: 'discover', name: 'unknown-001', images: ['A/0'] }], pin(5)).givenTo('A/0')).toBe('B');
  });

  it('makes a new name one that can be renamed and merged', () => {
    const names = namesOf([rename('Zo', 'Zoe')], pin(5, 'Zo'));
    expect([names.has('Zoe'), names.has('Zo'), names.givenTo('A/0')]).toEqual([true, false, 'Zoe']);
  });
});

describe('work that knew fewer verdicts', () => {
  const said = [merge('A', 'B', 'Ada'), split2];
  const marks = nameVerdictMarks(given(said));

  it('is read with the names of now', () => {
    const names = namesOf(said);
    expect(names.since([]).called('B')).toBe('Ada');
    expect(names.since(marks).changed).toBe(false);
    expect(names.since(marks.slice(0, 1)).changed).toBe(true);
    expect(
      namesOf([rename('A', 'X'), rename('B', 'A')])
        .since([])
        .called('A'),
    ).toBe('X');
    const swapped = [rename('A', 'X'), rename('B', 'A')];
    expect(
      namesOf(swapped)
        .since(nameVerdictMarks(given(swapped)))
        .called('A'),
    ).toBe('A');
  });

  it('knows that a name is gone when the verdict that made it was taken back', () => {
    const names = namesOf(said.slice(0, 1));
    expect(names.since(marks).changed).toBe(true);
    expect(names.since(marks).called('C~2')).toBeUndefined();
    expect(names.since(marks).called('Ada')).toBe('Ada');
  });

  it('knows which images were listed since', () => {
    const names = namesOf(said);
    expect([names.since(marks.slice(0, 1)).isListed('C/2'), names.since(marks).isListed('C/2')]).toEqual([true, false]);
    expect(names.since([]).isListed('C/3')).toBe(false);
  });
});

describe('a proposal', () => {
  const splitOf = (identity: string, ...groups: string[][]) => ({
    identity,
    confidence: 0.9,
    groups: groups.map((paths) => ({ images: paths, count: paths.length, likeness: 1, confidence: 1 })),
  });

  it('to merge is answered by merging, by saying that they are different, and by having been divided', () => {
    const pair = { a: 'A', b: 'B' };
    expect(namesOf([]).since().answerToMerge(pair)).toBeNull();
    expect(
      namesOf([merge('B', 'A')])
        .since()
        .answerToMerge(pair),
    ).toBe('merged');
    expect(
      namesOf([different('B', 'A')])
        .since()
        .answerToMerge(pair),
    ).toBe('different');
    expect(
      namesOf([different('B', 'A'), rename('A', 'X')])
        .since()
        .answerToMerge(pair),
    ).toBe('different');
    expect(
      namesOf([different('B', 'A'), merge('A', 'B')])
        .since()
        .answerToMerge(pair),
    ).toBe('merged');
    const divided = namesOf([split2]);
    expect(divided.since(divided.state).answerToMerge({ a: 'C', b: 'C~2' })).toBe('different');
    expect(
      namesOf([different('B', 'C')])
        .since()
        .answerToMerge({ a: 'A', b: 'Gone' }),
    ).toBe('gone');
    expect(namesOf([]).since().answerToMerge({ a: 'A', b: 'Gone' })).toBeNull();
  });

  it('to split is answered by dividing, by saying that it is one person, and by having merged just these', () => {
    const proposed = splitOf('C', ['C/0', 'C/1'], ['C/2']);
    const one: NameVerdict = { kind: 'one-person', name: 'C', images: ['C/0', 'C/1', 'C/2'] };
    expect(namesOf([]).since().answerToSplit(proposed)).toBeNull();
    expect(namesOf([split2]).since().answerToSplit(proposed)).toBe('split');
    expect(namesOf([one]).since().answerToSplit(proposed)).toBe('one-person');
    expect(
      namesOf([one, merge('A', 'C')])
        .since()
        .answerToSplit(proposed),
    ).toBeNull();
    const merged = namesOf([merge('A', 'B')]);
    expect(merged.since(merged.state).answerToSplit(splitOf('A', ['A/0', 'A/1'], ['B/0']))).toBe('one-person');
    expect(merged.since(merged.state).answerToSplit(splitOf('A', ['A/0', 'B/1', 'B/2'], ['B/0']))).toBeNull();
  });
});

describe('a cluster of dropped images', () => {
  const cluster = ['A/0', 'B/0', 'C/0', 'C/1'];
  const answer = (...said: NameVerdict[]) => namesOf(said).since().answerToCluster(cluster);

  it('is answered by what was said of most of its images, and of no fewer', () => {
    expect(answer()).toBeNull();
    expect(answer(discover('X', 'A/0', 'B/0', 'C/0'))).toBe('one-person');
    expect(answer(discover('X', 'A/0', 'B/0'))).toBeNull();
    expect(answer({ kind: 'assign', name: 'A', images: cluster })).toBe('one-person');
    expect(answer({ kind: 'unrelated', images: ['A/0', 'B/0', 'C/0', 'no/image'] })).toBe('different');
    expect(answer({ kind: 'unrelated', images: ['A/0', 'B/0'] })).toBeNull();
  });

  it('is the same question however it is answered, and whichever face is taken out', () => {
    const [first, ...others] = cluster;
    const said: NameVerdict[] = [
      { kind: 'discover', name: 'X', images: cluster },
      { kind: 'discover', name: 'Y', images: [first], others },
      { kind: 'assign', name: 'A', images: others, others: [first] },
      { kind: 'unrelated', name: 'A', images: cluster },
    ];
    expect(new Set(said.map(questionOf)).size).toBe(1);
    expect(questionOf({ kind: 'unrelated', images: others })).not.toBe(questionOf(said[0]));
  });
});

describe('any verdicts in any order', () => {
  const name = fc.constantFrom('A', 'B', 'C', 'D', 'E');
  const paths = fc.array(fc.constantFrom(...images.map(({ path }) => path)), { maxLength: 5 });
  const verdict: fc.Arbitrary<NameVerdict> = fc.oneof(
    fc.record({ kind: fc.constant('merge' as const), a: name, b: name, into: name }),
    fc.record({ kind: fc.constant('rename' as const), name, into: name }),
    fc.record({ kind: fc.constant('different' as const), a: name, b: name }),
    fc.record({ kind: fc.constant('one-person' as const), name, images: paths }),
    fc.record({ kind: fc.constant('discover' as const), name, images: paths, others: paths }),
    fc.record({ kind: fc.constant('assign' as const), name, images: paths }),
    fc.record({ kind: fc.constant('unrelated' as const), images: paths }),
    fc.record({
      kind: fc.constant('split' as const),
      name,
      parts: fc.array(fc.record({ name, images: paths }), { minLength: 1, maxLength: 3 }),
    }),
  );

  it('leave every image under one name that exists, and resolve every name of an image to itself', () => {
    fc.assert(
      fc.property(fc.array(verdict, { maxLength: 8 }), (said) => {
        const names = namesOf(said, [{ path: 'A/0', identity: 'D', batch: 25 }]);
        const all = new Set(names.all());
        for (const { path } of images) {
          expect(all.has(names.nameOf(path))).toBe(true);
          expect(names.resolve(names.nameOf(path))).toBe(names.nameOf(path));
        }
        expect(all.has(names.givenTo('A/0')!)).toBe(true);
        expect(names.since(names.state).changed).toBe(false);
      }),
    );
  });
});
