import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

/** Version of the program, as its package.json has it. */
export const programVersion = (): string => {
  const file = resolve(import.meta.dirname, '../../package.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
};

/**
 * Where a worker's compiled file lies. Node cannot start a thread from TypeScript: when this module itself runs from
 * `src` (tests), the worker comes from `dist`.
 */
export function workerUrl(name: string, importer: string): URL {
  const own = new URL(`./${name}.js`, importer);
  return importer.endsWith('.ts') ? new URL(own.href.replace('/src/', '/dist/')) : own;
}
