import { spawnSync } from 'node:child_process';
import { cpSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { lookIntoWorkspace } from '../../src/workspace/workspace.js';
import { facesieve, facesieveJson } from '../helpers/cli.js';
import { forgettableWorkspace, holdings } from '../helpers/forgettable-workspace.js';
import { longLivedMemoryFolder } from '../helpers/tiny-crawl.js';

const people = ['Ada Lovelace', 'Bo Diddley', 'Cy Twombly'];
const folder = longLivedMemoryFolder();
const whole = join(folder, 'whole');
const bin = resolve(import.meta.dirname, '../../bin/run.js');

/** Runs the real program, which is killed when it calls the file system's `call` for the `n`-th time. */
function killedWhen(call: string, n: number, ...args: string[]): NodeJS.Signals | null {
  const hook = `import fs from 'node:fs'; import { syncBuiltinESMExports } from 'node:module'; let n = 0; const call = fs.${call};
    fs.${call} = (...args) => { if (++n === ${n}) process.kill(process.pid, 'SIGKILL'); return call(...args); }; syncBuiltinESMExports();`;
  const options = ['--import', `data:text/javascript,${encodeURIComponent(hook)}`, bin, ...args];
  return spawnSync(process.execPath, options, { env: { ...process.env, NODE_ENV: 'production' } }).signal;
}

const held = (at: string): Record<string, string[]> => {
  const workspace = lookIntoWorkspace(at);
  const found = holdings(workspace);
  workspace.close();
  return found;
};

const filesWith = (at: string, needle: string): string[] =>
  readdirSync(at, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && readFileSync(join(entry.parentPath, entry.name)).includes(needle))
    .map(({ name }) => name);

let before: Record<string, string[]>;
beforeAll(() => {
  forgettableWorkspace(whole, people);
  before = held(whole);
});

describe('facesieve forget, killed', () => {
  it.each([
    ['renameSync', 1], // while new files are written beside
    ['renameSync', 4], // while they take the old ones' places
  ])('at %s %i: other commands refuse the workspace, and forgetting somebody else finishes it', (call, n) => {
    const at = join(folder, `${call}-${n}`);
    cpSync(whole, at, { recursive: true });
    expect(killedWhen(call, n, 'forget', 'Ada Lovelace', '--yes', '-w', at)).toBe('SIGKILL');
    for (const command of [['explain', 'Cy Twombly/1.jpg'], ['sift']]) {
      const { code, json } = facesieveJson(...command, '-w', at);
      expect([code, json.error.name]).toEqual([2, 'WorkspaceError']);
      expect(json.error.suggestions[0]).toContain('facesieve forget "Ada Lovelace" --yes');
    }
    const { code, stdout, stderr } = facesieve('forget', 'Bo Diddley', '--yes', '-w', at);
    expect(code, stderr).toBe(0);
    expect(stdout).toContain('An earlier forget was interrupted; it is finished now. It was of:\n  Ada Lovelace');
    expect(stdout).toContain('for 9 names, paths and hashes. None was found.');
    expect(held(at)).toEqual(Object.fromEntries(Object.entries(before).filter(([path]) => path.startsWith('Cy'))));
    expect([...filesWith(at, 'Ada Lovelace'), ...filesWith(at, 'Bo Diddley')]).toEqual([]);
    const again = facesieve('forget', 'Ada Lovelace', '--yes', '-w', at);
    expect([again.code, again.stdout.trim()]).toEqual([
      0,
      expect.stringMatching(/^Forgotten already:\n {2}Ada Lovelace: forgotten on .*: on request$/),
    ]);
  });

  it('is finished by the same command, which tells what went', () => {
    const at = join(folder, 'same');
    cpSync(whole, at, { recursive: true });
    expect(killedWhen('renameSync', 4, 'forget', 'Ada Lovelace', '--yes', '-w', at)).toBe('SIGKILL');
    const { code, json } = facesieveJson('forget', 'Ada Lovelace', '--yes', '-w', at);
    expect([code, json.images, json.crops, json.finished, json.found]).toEqual([0, 4, 5, ['Ada Lovelace'], []]);
  });
});
