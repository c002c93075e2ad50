import { build } from 'esbuild';

await build({
  entryPoints: ['vendor/tfjs.entry.js'],
  outfile: 'dist/vendor/tfjs.js',
  bundle: true,
  format: 'esm',
  platform: 'node',
  legalComments: 'eof',
  minifyWhitespace: true,
  // Modules inside are CommonJS here and there (long, seedrandom) and call require().
  banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  external: ['node-fetch', 'util', 'crypto', 'worker_threads'],
  logLevel: 'warning',
});
