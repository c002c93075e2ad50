import { cpSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { erase, type ForgetResult } from '../../../src/workspace/erase/erase.js';
import { lookIntoWorkspace, openWorkspace, type Workspace } from '../../../src/workspace/workspace.js';
import { forgettableWorkspace, holdings } from '../../helpers/forgettable-workspace.js';
import { failingAt, killedAt } from '../../helpers/killed-at.js';
import { longLivedMemoryFolder } from '../../helpers/tiny-crawl.js';

const ADA = 'Ada Lovelace';
const BO = 'Bo "the" Ångström';
const people = [ADA, BO, 'Cy Twombly', 'Di Prima'];
const folder = longLivedMemoryFolder();
const whole = join(folder, 'whole');
let before: Record<string, string[]>;
let killed: string[];

const reading = <R>(at: string, look: (workspace: Workspace) => R): R => {
  const workspace = lookIntoWorkspace(at);
  try {
    return look(workspace);
  } finally {
    workspace.close();
  }
};

const forgetIn = (at: string, ...names: string[]): ForgetResult => {
  const workspace = openWorkspace(at, false);
  try {
    return erase(workspace, names, { yes: true });
  } finally {
    workspace.close();
  }
};

/** Files of the workspace with any of the needles among their bytes or in their name. */
const filesWith = (at: string, needles: readonly (string | Buffer)[]): string[] =>
  readdirSync(at, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => {
      const bytes = readFileSync(file);
      return needles.some((needle) => bytes.includes(needle) || file.includes(needle.toString()));
    });

/** Everything by which somebody could be found: names as they stand in JSON too, paths, bytes of crops, rows, hashes. */
const tracesOf = (...names: string[]): (string | Buffer)[] =>
  names.flatMap((name) => [
    ...[name, JSON.stringify(name).slice(1, -1), `${name}/`],
    ...Object.entries(before)
      .filter(([path]) => path.startsWith(`${name}/`))
      .flatMap(([, held]) =>
        held.filter((one) => one.length > 8).map((one) => Buffer.from(one, 'hex').subarray(0, 16)),
      ),
  ]);

/** The images that stay have what they had, and nothing is left of `names`. */
function expectForgotten(at: string, ...names: string[]): void {
  const stay = Object.entries(before).filter(([path]) => !names.some((name) => path.startsWith(`${name}/`)));
  expect(reading(at, holdings), at).toEqual(Object.fromEntries(stay));
  expect(filesWith(at, tracesOf(...names)), at).toEqual([]);
  expect(existsSync(join(at, 'facesieve.db-wal'))).toBe(false);
  expect(
    readdirSync(at, { recursive: true, encoding: 'utf8' }).filter((name) => /\.(partial|forgetting)$/.test(name)),
  ).toEqual([]);
}

beforeAll(() => {
  forgettableWorkspace(whole, people, [{ path: 'Cy Twombly/3.jpg', verdict: 'keep' }]);
  before = reading(whole, holdings);
  const dying = join(folder, 'dying');
  cpSync(whole, dying, { recursive: true });
  const workspace = openWorkspace(dying, false);
  killed = killedAt(dying, join(folder, 'killed'), () => void erase(workspace, [ADA], { yes: true }));
  workspace.close();
});

const fresh = (from: string, to: string): string => {
  cpSync(from, join(folder, to), { recursive: true });
  return join(folder, to);
};

function throwsEio(work: () => void): boolean {
  try {
    work();
    return false;
  } catch (error) {
    expect((error as Error).message).toContain('EIO');
    return true;
  }
}

describe('a forget in which a call fails', () => {
  it('is finished by forgetting somebody else, who goes as well', () => {
    killed.forEach((_, n) => {
      const at = fresh(whole, `failed-${n}`);
      const failed = throwsEio(() => failingAt(n, () => void forgetIn(at, ADA)));
      const { found, finished } = forgetIn(at, BO);
      expect(found).toEqual([]);
      if (!failed)
        expectForgotten(at, ADA, BO); // files beside the database, which the next command removes
      else if (finished.length === 0 && reading(at, holdings)[`${ADA}/0.jpg`]) expectForgotten(at, BO);
      else expectForgotten(at, ADA, BO);
    });
  });
});

describe('a forget that is killed', () => {
  it('is tried at every call that changes something', () => {
    expect(killed.length).toBeGreaterThan(60);
    expect(filesWith(whole, tracesOf(ADA)).length).toBeGreaterThan(5); // the search can find what it looks for
  });

  it('is finished by the same command: the others keep their crops, rows and margins, nothing of the person is left', () => {
    killed.forEach((state, i) => {
      const at = fresh(state, `same-${i}`);
      expect(forgetIn(at, ADA).found, state).toEqual([]);
      expectForgotten(at, ADA);
    });
  });

  it('is finished by forgetting somebody else, who goes as well', () => {
    killed.forEach((state, i) => {
      const at = fresh(state, `other-${i}`);
      const { found, finished } = forgetIn(at, BO);
      expect(found).toEqual([]);
      // Killed before the plan was kept, it had not begun: then Ada stays, whole.
      if (finished.length > 0) expectForgotten(at, ADA, BO);
      else if (reading(at, holdings)[`${ADA}/0.jpg`]) expectForgotten(at, BO);
      else expectForgotten(at, ADA, BO);
    });
  });
});
