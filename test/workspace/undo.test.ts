import { describe, expect, it } from 'vitest';
import type { NameVerdict } from '../../src/identities/names/name-verdicts.js';
import { currentIdentityVerdicts, giveIdentityVerdict } from '../../src/workspace/identity-verdicts.js';
import { currentNameVerdicts, giveNameVerdicts } from '../../src/workspace/name-verdicts.js';
import { takeBackLast } from '../../src/workspace/undo.js';
import type { Verdict } from '../../src/core/decided-image.js';
import { currentVerdicts, giveVerdicts } from '../../src/workspace/verdicts.js';
import type { Workspace } from '../../src/workspace/workspace.js';
import { contextOf } from '../helpers/context.js';
import { temporaryFolder } from '../helpers/tiny-crawl.js';

const say = (workspace: Workspace, path: string, verdict: Verdict['verdict'], reviewer: string): number =>
  giveVerdicts(workspace, [{ path, verdict, identity: null }], reviewer);
const held = (workspace: Workspace) =>
  Object.fromEntries([...currentVerdicts(workspace)].map(([path, { verdict }]) => [path, verdict]));

describe('taking back step by step', () => {
  it('goes back through what one reviewer said, images and names, to the start', () => {
    const { workspace } = contextOf(temporaryFolder());
    say(workspace, 'a', 'keep', 'ada');
    say(workspace, 'a', 'drop', 'ada');
    giveIdentityVerdict(workspace, 'A', 'several-people', 'ada');
    say(workspace, 'b', 'hard', 'ada');
    expect(takeBackLast(workspace, 'ada')).toEqual({ paths: ['b'], identity: null, names: [], done: true });
    expect(held(workspace)).toEqual({ a: 'drop' });
    expect(takeBackLast(workspace, 'ada')).toEqual({ paths: [], identity: 'A', names: [], done: true });
    expect(currentIdentityVerdicts(workspace).size).toBe(0);
    takeBackLast(workspace, 'ada');
    expect(held(workspace)).toEqual({ a: 'keep' });
    takeBackLast(workspace, 'ada');
    expect(held(workspace)).toEqual({});
    expect(takeBackLast(workspace, 'ada')).toBeNull();
  });

  it('goes on after something new was said', () => {
    const { workspace } = contextOf(temporaryFolder());
    say(workspace, 'a', 'keep', 'ada');
    say(workspace, 'b', 'keep', 'ada');
    takeBackLast(workspace, 'ada');
    say(workspace, 'c', 'drop', 'ada');
    takeBackLast(workspace, 'ada');
    takeBackLast(workspace, 'ada');
    expect(held(workspace)).toEqual({});
    expect(takeBackLast(workspace, 'ada')).toBeNull();
  });

  it('leaves what somebody else has said since, and brings back what somebody else said before', () => {
    const { workspace } = contextOf(temporaryFolder());
    say(workspace, 'a', 'keep', 'bob');
    say(workspace, 'a', 'drop', 'ada');
    say(workspace, 'b', 'drop', 'ada');
    say(workspace, 'b', 'keep', 'bob');
    takeBackLast(workspace, 'ada');
    expect(held(workspace)).toEqual({ a: 'keep', b: 'keep' });
    expect(takeBackLast(workspace, 'ada')).toBeNull();
  });

  it('takes no import back unasked', () => {
    const { workspace } = contextOf(temporaryFolder());
    const drop = (path: string): Verdict => ({ path, verdict: 'drop', identity: null });
    giveVerdicts(workspace, [drop('a'), drop('b')], 'ada');
    expect(takeBackLast(workspace, 'ada', { most: 1 })).toEqual({
      ...{ paths: ['a', 'b'], identity: null, names: [], done: false },
    });
    expect(held(workspace)).toEqual({ a: 'drop', b: 'drop' });
    takeBackLast(workspace, 'ada');
    expect(held(workspace)).toEqual({});
  });

  it('of anybody goes back through what all said, last first, and an undo is never undone', () => {
    const { workspace } = contextOf(temporaryFolder());
    const everybody = { ofAnybody: true };
    giveVerdicts(workspace, [{ path: 'a', verdict: 'keep', identity: null, reviewer: 'cvat' }], 'ada');
    say(workspace, 'a', 'drop', 'bob');
    takeBackLast(workspace, 'root', everybody);
    expect(held(workspace)).toEqual({ a: 'keep' });
    takeBackLast(workspace, 'root', everybody);
    expect(held(workspace)).toEqual({});
    expect(takeBackLast(workspace, 'root', everybody)).toBeNull();
  });

  it('changes and deletes nothing', () => {
    const { workspace } = contextOf(temporaryFolder());
    giveIdentityVerdict(workspace, 'A', 'several-people', 'ada');
    expect(giveIdentityVerdict(workspace, 'A', 'several-people', 'bob')).toBe(false);
    expect(() => workspace.database.exec('DELETE FROM identity_verdicts')).toThrow(/append-only/);
    expect(() => workspace.database.exec('UPDATE identity_verdicts SET verdict = NULL')).toThrow(/append-only/);
  });

  it('goes back through verdicts on names too, alone where that is asked for', () => {
    const { workspace } = contextOf(temporaryFolder());
    const merge: NameVerdict = { kind: 'merge', a: 'A', b: 'B', into: 'A' };
    const different: NameVerdict = { kind: 'different', a: 'B', b: 'A' };
    const kinds = () => currentNameVerdicts(workspace).map(({ verdict }) => verdict.kind);
    giveNameVerdicts(workspace, [merge], 'ada');
    giveNameVerdicts(workspace, [different], 'ada');
    say(workspace, 'b', 'hard', 'ada');
    expect(kinds()).toEqual(['different']);
    expect(giveNameVerdicts(workspace, [different], 'bob')).toBe(0);
    expect(takeBackLast(workspace, 'ada', { onlyNames: true })?.names).toEqual([different]);
    expect([kinds(), held(workspace)]).toEqual([['merge'], { b: 'hard' }]);
    expect(takeBackLast(workspace, 'bob', { onlyNames: true })).toBeNull();
    expect(takeBackLast(workspace, 'ada')?.paths).toEqual(['b']);
    expect(takeBackLast(workspace, 'ada')?.names).toEqual([merge]);
    expect(kinds()).toEqual([]);
    expect(() => workspace.database.exec('DELETE FROM name_verdicts')).toThrow(/append-only/);
    expect(() => workspace.database.exec('UPDATE name_verdicts SET verdict = NULL')).toThrow(/append-only/);
  });

  it('keeps the place of a verdict on names that a later answer replaces', () => {
    const { workspace } = contextOf(temporaryFolder());
    giveNameVerdicts(workspace, [{ kind: 'different', a: 'A', b: 'B' }], 'ada');
    giveNameVerdicts(workspace, [{ kind: 'rename', name: 'A', into: 'X' }], 'ada');
    giveNameVerdicts(workspace, [{ kind: 'merge', a: 'A', b: 'B', into: 'A' }], 'ada');
    const held = currentNameVerdicts(workspace).map(({ verdict, batch }) => [verdict.kind, batch]);
    expect(held).toEqual([
      ['merge', 1],
      ['rename', 2],
    ]);
  });
});
