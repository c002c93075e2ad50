import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { holds, hopsOf, neededBy, realPlace } from '../../src/core/real-place.js';
import { temporaryFolder } from '../helpers/tiny-crawl.js';

const holdsPath = (outer: string, inner: string): boolean => holds(realPlace(outer), realPlace(inner));

describe('the real place of a path', () => {
  it('is found through links, dots and trailing slashes, also where nothing exists yet', () => {
    const folder = realPlace(temporaryFolder()).path;
    mkdirSync(join(folder, 'a', 'b'), { recursive: true });
    symlinkSync('a', join(folder, 'link'));
    expect(realPlace(`${folder}/link/./b/../new/`).path).toBe(join(folder, 'a', 'new'));
    expect(holdsPath(join(folder, 'link'), join(folder, 'a', 'b', 'new'))).toBe(true);
    expect(holdsPath(join(folder, 'a', 'b'), join(folder, 'link'))).toBe(false);
    expect(holdsPath(join(folder, 'a'), join(folder, 'ab'))).toBe(false);
  });

  it('ends on a circle of links', () => {
    const folder = temporaryFolder();
    symlinkSync('two', join(folder, 'one'));
    symlinkSync('one', join(folder, 'two'));
    expect(hopsOf(join(folder, 'one')).length).toBeLessThan(50);
  });

  it('names every place that a file is read through', () => {
    const folder = realPlace(temporaryFolder()).path;
    for (const name of ['set', 'far', 'near']) mkdirSync(join(folder, name));
    writeFileSync(join(folder, 'far', 'file'), 'x');
    symlinkSync(join(folder, 'far'), join(folder, 'set', 'link'));
    symlinkSync(join(folder, 'set', 'link', 'file'), join(folder, 'near', 'file'));
    const isNeeded = neededBy(realPlace(join(folder, 'set')));
    expect(isNeeded(join(folder, 'near', 'file'))).toBe(true);
    expect(isNeeded(join(folder, 'far', 'file'))).toBe(false);
  });

  it('is the same through a bind mount', ({ skip }) => {
    const folder = temporaryFolder();
    for (const name of ['crawl/below', 'mounted']) mkdirSync(join(folder, name), { recursive: true });
    try {
      execFileSync('mount', ['--bind', join(folder, 'crawl', 'below'), join(folder, 'mounted')], { stdio: 'ignore' });
    } catch {
      return skip('this user may not mount');
    }
    onTestFinished(() => void execFileSync('umount', [join(folder, 'mounted')]));
    mkdirSync(join(folder, 'mounted', 'out'));
    expect(holdsPath(join(folder, 'crawl'), join(folder, 'mounted', 'out'))).toBe(true);
    expect(holdsPath(join(folder, 'crawl'), join(folder, 'mounted', 'new'))).toBe(true);
    expect(holdsPath(join(folder, 'mounted'), join(folder, 'crawl'))).toBe(false);
  });
});
