// npm run bench -- NAME [--json]: measurements that take minutes. With --json the last line of stdout is one object.
const benches = [
  'train-throughput',
  'embed-throughput',
  'losses',
  'many-identities',
  'detection',
  'detection-rules',
  'cleaning-helps',
  'decoys',
  'kill-resume',
  'alignment',
  'from-scratch',
  'hard-images',
  'identities',
  'indexes',
  'ingest',
  'fuzz-sources',
  'qmagface',
  'million',
  'mutants',
  'natural',
  'near-duplicates',
  'review-page',
  'report-size',
  'rounds',
  'slim-model',
  'strangers',
];
const [name, ...flags] = process.argv.slice(2);
if (!benches.includes(name)) {
  console.error(`Name one of: ${benches.join(', ')}`);
  process.exit(64);
}
const { measure, describe } = await import(`./${name}.js`);
const result = await measure();
console.log(describe(result));
if (flags.includes('--json')) console.log(JSON.stringify(result));
