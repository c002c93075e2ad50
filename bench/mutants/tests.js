import { createVitest } from 'vitest/node';

/** Tests of a project, run again and again in one Vitest: its transformed files are kept. */
export class Tests {
  static async of(folder) {
    const options = {
      root: folder,
      watch: true,
      bail: 1,
      reporters: [{}],
      passWithNoTests: true,
      isolate: false,
      maxWorkers: 1,
    };
    const vitest = await createVitest('test', options, { server: { watch: null } });
    await vitest.standalone();
    return new Tests(vitest);
  }

  constructor(vitest) {
    this.vitest = vitest;
  }

  /** A source was written: it is transformed anew. */
  changed(file) {
    this.vitest.invalidateFile(file);
  }

  /** Runs the test files whose paths hold one of `filters`. @returns {Promise<string[]>} titles of what failed; empty when all passed */
  async failures(filters) {
    const found = await this.vitest.globTestSpecifications(filters);
    if (found.length === 0) throw new Error(`no test file is called like ${filters.join(', ')}`);
    const { testModules, unhandledErrors } = await this.vitest.runTestSpecifications(found);
    // Vitest keeps what failed in files of an earlier run, and tells it again.
    const asked = new Set(found.map(({ moduleId }) => moduleId));
    const ofThisRun = testModules.filter(({ moduleId }) => asked.has(moduleId));
    const failed = ofThisRun.flatMap((module) => [
      ...module.errors().map(() => module.relativeModuleId),
      ...[...module.children.allTests('failed')].map((test) => `${module.relativeModuleId}: ${test.fullName}`),
    ]);
    return [...failed, ...unhandledErrors.map(String)];
  }

  close() {
    return this.vitest.close();
  }
}
