import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const source = new URL('shim.c', import.meta.url).pathname;

/**
 * Compiles the shim into `folder`. Returns its path, or `undefined` where there is no C compiler or no Linux.
 * @throws Error if the compiler refuses the source.
 */
export function buildShim(folder) {
  if (process.platform !== 'linux') return undefined;
  const file = join(folder, 'shim.so');
  const { error, status, stderr } = spawnSync(
    'cc',
    ['-O1', '-Wall', '-shared', '-fPIC', '-o', file, source, '-ldl', '-lpthread'],
    { encoding: 'utf8' },
  );
  if (error) return undefined;
  if (status !== 0) throw new Error(`cc could not build the shim: ${stderr}`);
  return file;
}
