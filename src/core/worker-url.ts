/**
 * Where a worker's compiled file lies. Node cannot start a thread from TypeScript: when this module itself runs from
 * `src` (tests), the worker comes from `dist`.
 */
export function workerUrl(name: string, importer: string): URL {
  const own = new URL(`./${name}.js`, importer);
  return importer.endsWith('.ts') ? new URL(own.href.replace('/src/', '/dist/')) : own;
}
