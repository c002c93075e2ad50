import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { siblingsOf, writeFolderAtomically } from '../../src/core/atomic-folder.js';
import { temporaryFolder, writeFiles } from '../helpers/tiny-crawl.js';

const write =
  (text: string) =>
  (folder: string): void =>
    writeFileSync(join(folder, 'file'), text);
const contentOf = (folder: string): string => readFileSync(join(folder, 'file'), 'utf8');

describe('a folder written atomically', () => {
  it('replaces the old one whole and leaves nothing beside it', async () => {
    const target = join(temporaryFolder(), 'set');
    await writeFolderAtomically(target, write('old'));
    await writeFolderAtomically(target, write('new'));
    expect(contentOf(target)).toBe('new');
    expect(readdirSync(join(target, '..'))).toEqual(['set']);
  });

  it('keeps the old one when the new one cannot be built, and says nothing else', async () => {
    const target = join(temporaryFolder(), 'set');
    await writeFolderAtomically(target, write('old'));
    const fails = (folder: string): void => {
      write('half')(folder);
      throw Object.assign(new Error('EIO: i/o error, write'), { code: 'EIO' });
    };
    await expect(writeFolderAtomically(target, fails)).rejects.toThrow(/input\/output error/);
    expect(contentOf(target)).toBe('old');
    expect(readdirSync(join(target, '..'))).toEqual(['set']);
  });

  it('puts the old one back when the new one proves unusable in its place', async () => {
    const target = join(temporaryFolder(), 'set');
    await writeFolderAtomically(target, write('old'));
    const reason = (): string => 'a link leads to nothing';
    await expect(writeFolderAtomically(target, write('new'), reason)).rejects.toThrow(/not replaced: a link/);
    expect(contentOf(target)).toBe('old');
    expect(readdirSync(join(target, '..'))).toEqual(['set']);
  });

  it('goes on from every point at which an earlier replacement was killed', async () => {
    const states: Record<string, (target: string, fresh: string, aside: string) => void> = {
      'while the new one was built': (_, fresh) => writeFiles(fresh, { file: 'half' }),
      'after the old one was moved aside': (target, fresh, aside) => {
        writeFiles(fresh, { file: 'whole, but not in place' });
        renameSync(target, aside);
      },
      'while the old one was removed': (target, _, aside) => {
        renameSync(target, aside);
        writeFiles(target, { file: 'in place' });
      },
    };
    for (const [state, reach] of Object.entries(states)) {
      const target = join(temporaryFolder(), 'set');
      await writeFolderAtomically(target, write('old'));
      const { fresh, aside } = siblingsOf(target);
      reach(target, fresh, aside);
      await expect(
        writeFolderAtomically(target, () => {
          expect(contentOf(target), state).toBe(state.startsWith('while the old') ? 'in place' : 'old');
          throw new Error('stopped again');
        }),
      ).rejects.toThrow('stopped again');
      expect(existsSync(target), state).toBe(true);
      await writeFolderAtomically(target, write('new'));
      expect(contentOf(target), state).toBe('new');
      expect(readdirSync(join(target, '..')), state).toEqual(['set']);
    }
  });

  it('has names beside it that a file system takes, however long its own is', async () => {
    const folder = temporaryFolder();
    const target = join(folder, 'x'.repeat(255));
    await writeFolderAtomically(target, write('old'));
    await writeFolderAtomically(target, write('new'));
    expect(contentOf(target)).toBe('new');
  });

  it('does not take a folder of the user for one of its own', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, '.set.old'));
    await writeFolderAtomically(join(folder, 'set'), write('new'));
    await writeFolderAtomically(join(folder, 'set'), write('newer'));
    expect(existsSync(join(folder, '.set.old'))).toBe(true);
  });
});
