#!/usr/bin/env node
try {
  const { endOnStrayErrors, endWithError } = await import('../dist/cli/end-with-error.js');
  endOnStrayErrors();
  const { flush, run } = await import('@oclif/core');
  await run(process.argv.slice(2), import.meta.url).then(() => flush(), endWithError);
} catch (error) {
  process.stderr.write(`Error: facesieve could not be loaded: ${JSON.stringify(error.message)}\n`);
  process.stderr.write('  → Install it again, or raise the limits of this user (ulimit -n, ulimit -v).\n');
  process.exit(2);
}
