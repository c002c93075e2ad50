export default {
  room: 'metrics',
  tests: ['test/metrics/', 'test/conformance/scores.test.ts'],
  mutants: [
    {
      file: 'metrics/roc.ts',
      find: 'below + step.negatives / 2',
      replace: 'below + step.negatives',
      what: 'AUC: ties count whole',
    },
    { file: 'metrics/roc.ts', find: 'found / taken', replace: 'taken / found', what: 'average precision: inverse' },
  ],
};
