import { describe, expect, it } from 'vitest';
import { EffectiveNames } from '../../src/identities/names/effective-names.js';
import type { NameVerdict } from '../../src/identities/names/name-verdicts.js';
import { strangerVerdict } from '../../src/review/queries/stranger-questions.js';
import { strangersOf } from '../../src/review/strangers.js';
import { scrubNameVerdict } from '../../src/workspace/erase/scrub-json.js';

const images = ['A', 'B', 'C'].flatMap((identity) =>
  Array.from({ length: 6 }, (_, i) => ({ path: `${identity}/${i}`, identity })),
);
const namesOf = (said: readonly NameVerdict[]) =>
  new EffectiveNames(
    images,
    said.map((verdict, i) => ({ verdict, reviewer: 'ada', givenAt: '', batch: i + 1 })),
  );
const one = ['A/0', 'B/0', 'C/0'];
const two = ['A/1', 'B/1', 'C/1'];
const three = ['A/2', 'B/2', 'B/3'];
const found = [
  { photographs: [['A/0'], ['B/0'], ['C/0']], confidence: 0.9, known: null },
  { photographs: [['A/1'], ['B/1'], ['C/1']], confidence: 0.9, known: null },
  { photographs: [['A/2'], ['B/2', 'B/3']], confidence: 0.9, known: 'C' },
];
const strangers = (said: readonly NameVerdict[], verdicts: readonly string[] = [], least = 2) => {
  const names = namesOf(said);
  return strangersOf(found, { names, since: names.since(), verdicts: new Set(verdicts) }, least);
};
const answered = (said: readonly NameVerdict[]) => strangers(said).map(({ name, answer }) => [name, answer]);
const discover = (name: string, listed: readonly string[]): NameVerdict => ({
  kind: 'discover',
  name,
  images: [...listed],
});

describe('people among dropped images', () => {
  it('have numbers that do not move up when others are answered, renamed or refused', () => {
    expect(answered([])).toEqual([
      ['unknown-001', null],
      ['unknown-002', null],
      ['C', null],
    ]);
    expect(answered([discover('unknown-001', one)])[1]).toEqual(['unknown-002', null]);
    expect(answered([discover('Zo', one)]).slice(0, 2)).toEqual([
      ['Zo', 'one-person'],
      ['unknown-002', null],
    ]);
    const renamed: NameVerdict = { kind: 'rename', name: 'unknown-001', into: 'Zo' };
    expect(answered([discover('unknown-001', one), renamed])[0]).toEqual(['Zo', 'one-person']);
    expect(answered([discover('unknown-001', one), renamed])[1]).toEqual(['unknown-002', null]);
    expect(answered([{ kind: 'unrelated', images: one }]).slice(0, 2)).toEqual([
      ...[
        ['unknown-001', 'different'],
        ['unknown-002', null],
      ],
    ]);
  });

  it('leave out images with a verdict of their own, and whoever is then in too few photographs', () => {
    expect(strangers([], ['A/0'])[0]).toMatchObject({ all: one, images: ['B/0', 'C/0'] });
    expect(strangers([], ['A/0', 'A/2'], 3).map(({ all }) => all)).toEqual([two]);
    expect(strangers([discover('X', one)], ['A/0', 'B/0'], 3)[0]).toMatchObject({ answer: 'one-person' });
  });

  it('are somebody with a name by the name of now, and somebody unknown where that is gone', () => {
    expect(answered([{ kind: 'rename', name: 'C', into: 'Cy' }])[2]).toEqual(['Cy', null]);
    const gone = strangersOf(
      [{ ...found[2], known: 'Gone' }],
      { names: namesOf([]), since: namesOf([]).since(), verdicts: new Set() },
      2,
    );
    expect(gone).toMatchObject([{ isKnown: false, name: 'unknown-001' }]);
  });
});

describe('an answer about dropped images', () => {
  const say = (at: number, said: Parameters<typeof strangerVerdict>[2], before: readonly NameVerdict[] = []) =>
    strangerVerdict(namesOf([]), strangers(before)[at], said);
  const yes = { answer: 'one-person', moved: new Map() } as const;

  it('makes an unknown person, assigns to one with a name, or refuses both, for all of the images', () => {
    expect(say(0, yes)).toEqual(discover('unknown-001', one));
    expect(say(2, yes)).toEqual({ kind: 'assign', name: 'C', images: three });
    expect(say(0, { ...yes, answer: 'different' })).toEqual({ kind: 'unrelated', images: one });
    expect(say(2, { ...yes, answer: 'different' })).toEqual({ kind: 'unrelated', name: 'C', images: three });
  });

  it('takes the name that a person types: one in use is that person, another one is new', () => {
    expect(say(0, { ...yes, name: 'B' })).toEqual({ kind: 'assign', name: 'B', images: one });
    expect(say(2, { ...yes, name: 'Bea' })).toEqual(discover('Bea', three));
    expect(() => say(0, { ...yes, name: 'a/b' })).toThrow('cannot be the name');
  });

  it('keeps the faces that were taken out apart, also when it is given again, and never takes out all', () => {
    const moved = new Map([['B/0', 1]]);
    const first = say(0, { ...yes, moved });
    expect(first).toEqual({ ...discover('unknown-001', ['A/0', 'C/0']), others: ['B/0'] });
    expect(say(0, yes, [first])).toEqual(first);
    expect(say(0, { ...yes, moved: new Map([['B/0', 0]]) }, [first])).toEqual(discover('unknown-001', one));
    expect(() => say(0, { ...yes, moved: new Map(one.map((path) => [path, 1])) })).toThrow('No face is left');
  });

  it('loses forgotten paths on both sides, and the name of a forgotten person', () => {
    const forbidden = { paths: new Set(['B/0', 'C/0']), identities: new Set(['C']) };
    const said = { kind: 'assign', name: 'C', images: ['A/0', 'B/0'], others: ['C/0', 'C/1'] };
    expect(scrubNameVerdict(said, forbidden as never)).toEqual({
      ...{ kind: 'assign', name: null, images: ['A/0'], others: ['C/1'] },
    });
  });
});
