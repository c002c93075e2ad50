import { expect, it, vi } from 'vitest';
import { stageResults } from '../../src/workspace/results.js';
import { currentResult, doOnce } from '../../src/workspace/stage.js';
import { temporaryFolder } from '../helpers/tiny-crawl.js';
import { contextOf } from '../helpers/context.js';

const built = { kind: 'exact', vectors: 3, seconds: 0, bytes: 0 };

it('does the same work once, and again when its inputs differ', async () => {
  const context = contextOf(temporaryFolder());
  const work = vi.fn(() => built);
  for (const inputs of [{ run: 'a' }, { run: 'a' }, { run: 'b' }]) await doOnce(context, 'index-build', inputs, work);
  expect(work).toHaveBeenCalledTimes(2);
});

it('never answers with what another version of the algorithm stored', async () => {
  const context = contextOf(temporaryFolder());
  const keys: string[] = [];
  const work = (key: string): typeof built => (keys.push(key), built);
  await doOnce(context, 'index-build', { run: 'a' }, work);
  const before = Object.getOwnPropertyDescriptor(stageResults, 'index-build')!;
  Object.defineProperty(stageResults, 'index-build', {
    ...before,
    value: { ...stageResults['index-build'], version: 2 },
  });
  try {
    await doOnce(context, 'index-build', { run: 'a' }, work);
    await doOnce(context, 'index-build', { run: 'a' }, work);
  } finally {
    Object.defineProperty(stageResults, 'index-build', before);
  }
  expect(keys).toHaveLength(2);
  expect(keys[0]).not.toBe(keys[1]);
});

it('takes a result that is stored in another form for none', async () => {
  const context = contextOf(temporaryFolder());
  await doOnce(context, 'index-build', { run: 'a' }, () => built);
  context.workspace.database.prepare('UPDATE stages SET result = \'{"kind": 7}\'').run();
  expect(currentResult(context.workspace, 'index-build')).toBeUndefined();
  expect((await doOnce(context, 'index-build', { run: 'a' }, () => built)).skipped).toBe(false);
});
