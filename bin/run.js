#!/usr/bin/env node
try {
  const { endOnStrayErrors, endWith } = await import('../dist/cli/last-resort.js');
  endOnStrayErrors();
  const { flush, handle, run } = await import('@oclif/core');
  await run(process.argv.slice(2), import.meta.url)
    .then(flush)
    .catch((error) => ('oclif' in error ? handle(error) : endWith(error)));
} catch (error) {
  process.stderr.write(`Error: facesieve could not be loaded: ${error.message}\n`);
  process.stderr.write('  → Install it again, or raise the limits of this user (ulimit -n, ulimit -v).\n');
  process.exit(2);
}
