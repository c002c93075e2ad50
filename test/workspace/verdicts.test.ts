import { describe, expect, it } from 'vitest';
import type { Verdict } from '../../src/core/decided-image.js';
import { currentVerdicts, giveVerdicts } from '../../src/workspace/verdicts.js';
import { openWorkspace } from '../../src/workspace/workspace.js';
import { contextOf } from '../helpers/context.js';
import { temporaryFolder } from '../helpers/tiny-crawl.js';

const drop = (path: string): Verdict => ({ path, verdict: 'drop', identity: null });
const keep = (path: string): Verdict => ({ path, verdict: 'keep', identity: null });

describe('verdicts', () => {
  const held = (workspace: ReturnType<typeof openWorkspace>) =>
    Object.fromEntries([...currentVerdicts(workspace)].map(([path, { verdict }]) => [path, verdict]));

  it('are appended; the last one holds; giving the same again changes nothing', () => {
    const { workspace } = contextOf(temporaryFolder());
    expect(giveVerdicts(workspace, [drop('a'), drop('b')], 'ada')).toBe(2);
    expect(giveVerdicts(workspace, [keep('a'), drop('b')], 'bob')).toBe(1);
    expect(held(workspace)).toEqual({ a: 'keep', b: 'drop' });
    expect(currentVerdicts(workspace).get('a')!.reviewer).toBe('bob');
  });

  it('cannot be changed or deleted, not even by hand', () => {
    const { workspace } = contextOf(temporaryFolder());
    giveVerdicts(workspace, [drop('a')], 'ada');
    expect(() => workspace.database.exec("UPDATE verdicts SET verdict = 'keep'")).toThrow(/append-only/);
    expect(() => workspace.database.exec('DELETE FROM verdicts')).toThrow(/append-only/);
  });
});
