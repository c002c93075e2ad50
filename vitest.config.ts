import { defineConfig } from 'vitest/config';

export default defineConfig({
  root: import.meta.dirname,
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: 'test/helpers/installed.ts',
    maxWorkers: '100%', // vitest leaves one core free, and of two takes one
    pool: 'forks', // a crash in a native module ends one file, not the run
    disableConsoleIntercept: true,
    // What hangs ends at last; no limit is one that a busy machine meets.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    expect: { poll: { timeout: 120_000 } },
  },
});
