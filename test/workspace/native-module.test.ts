import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder, writeFiles } from '../helpers/tiny-crawl.js';

const bin = resolve(import.meta.dirname, '../../bin/run.js');

it.each([
  ['was not built', 'Could not locate the bindings file. Tried: here'],
  [
    'was built for another Node',
    'The module was compiled against a different Node.js version using NODE_MODULE_VERSION 1.',
  ],
])('says how to build the native module of SQLite where it %s', (_, message) => {
  const folder = temporaryFolder();
  const fake = `const module_ = require('node:module'); const load = module_._load;
    module_._load = (name, ...rest) => name === 'bindings' ? () => { throw new Error(${JSON.stringify(message)}) } : load(name, ...rest);`;
  writeFiles(folder, { 'fake.cjs': fake, 'crawl/A/1.jpg': 'x' });
  const { status, stdout } = spawnSync(
    process.execPath,
    ['--require', join(folder, 'fake.cjs'), bin, 'ingest', join(folder, 'crawl'), '-w', join(folder, 'w'), '--json'],
    { encoding: 'utf8', env: { ...process.env, NODE_ENV: 'production' } },
  );
  expect(status).toBe(2);
  expect(JSON.parse(stdout)).toMatchObject({
    error: {
      name: 'WorkspaceError',
      suggestions: [expect.stringContaining('npm rebuild better-sqlite3'), expect.any(String)],
    },
  });
});
