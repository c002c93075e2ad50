// Mutated inputs of every kind that the program reads: no crash, no hang, nothing written outside, no more than a gibibyte
// resident, no more than 20 seconds on one input. Images also go through the real ingest, all at once. SEED, IMAGES (10,000)
// and INPUTS (1,000 of each other group) set what is tried; what fails is kept, and its number said.
import { fork, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import sharp from 'sharp';
import { bench } from './cli.js';

const seed = Number(process.env.SEED ?? 1);
const IMAGES = Number(process.env.IMAGES ?? 10_000);
const INPUTS = Number(process.env.INPUTS ?? 1000);
const LIMIT_SECONDS = 600; // of an ingest of all images
const MOST_SECONDS = 20; // of one input
const MOST_BYTES = 2 ** 30;
/** Inputs after which a reader is started anew: what it keeps would be counted for the next ones. */
const A_READER = 200;
const bin = new URL('../bin/run.js', import.meta.url).pathname;

let state = seed;
const random = (below) => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return Math.floor((state / 2 ** 32) * below);
};

/** Flips, cuts, doubles, and puts in what decoders choke on. */
function mutate(original) {
  let bytes = Buffer.from(original);
  for (let i = 0, times = 1 + random(8); i < times; i++) {
    const at = random(bytes.length);
    const length = 1 + random(Math.min(64, bytes.length - at));
    const kind = random(7);
    if (kind === 0) bytes[at] ^= 1 << random(8);
    else if (kind === 1) bytes.fill(0xff, at, at + length);
    else if (kind === 2) bytes.fill(0, at, at + length);
    else if (kind === 3) bytes = bytes.subarray(0, Math.max(1, at));
    else if (kind === 4)
      bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at, at + length), bytes.subarray(at)]);
    else if (kind === 5) bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)]);
    else bytes.writeUInt32BE(random(2 ** 32 - 1), Math.min(at, Math.max(0, bytes.length - 4)));
    if (bytes.length < 8) return bytes;
  }
  return bytes;
}

async function originals() {
  const pixels = Buffer.alloc(48 * 40 * 3);
  for (let i = 0; i < pixels.length; i++) pixels[i] = random(256);
  const image = () => sharp(pixels, { raw: { width: 48, height: 40, channels: 3 } });
  return {
    jpg: await image().jpeg().withMetadata({ orientation: 6 }).toBuffer(),
    'progressive.jpg': await image().jpeg({ progressive: true }).toBuffer(),
    'cmyk.jpg': await image().toColourspace('cmyk').jpeg().toBuffer(),
    png: await image().png().toBuffer(),
    'palette.png': await image().png({ palette: true }).toBuffer(),
    webp: await image().webp().toBuffer(),
    avif: await image().avif({ effort: 0 }).toBuffer(),
    gif: await image().gif().toBuffer(),
    tiff: await image().tiff().toBuffer(),
  };
}

/** Everything below `folder`, with sizes: what must not change outside of a workspace. */
const listing = (folder) =>
  readdirSync(folder, { recursive: true })
    .filter((name) => !name.startsWith('workspace'))
    .map((name) => `${name} ${statSync(join(folder, name)).size}`)
    .sort()
    .join('\n');

/** Runs ingest; answers what was wrong about how it ended, if anything. */
function ingestEnds(folder, source) {
  const before = listing(folder);
  const args = [
    bin,
    'ingest',
    source,
    '-w',
    join(folder, 'workspace'),
    '--align',
    'none',
    '--size',
    '16',
    '--quiet',
    '--json',
  ];
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    timeout: LIMIT_SECONDS * 1000,
    killSignal: 'SIGKILL',
    maxBuffer: 2 ** 28,
  });
  if (signal) return `killed by ${signal}`;
  if (status !== 0 && status !== 2) return `exit ${status}: ${stderr.slice(-400)}`;
  const result = JSON.parse(stdout);
  if (status === 2 && !/(Error)$/.test(result.error.name)) return `an error without a name: ${stdout.slice(0, 400)}`;
  if (status === 2 && ['TypeError', 'RangeError', 'Error', 'SqliteError', 'SyntaxError'].includes(result.error.name))
    return `an error nobody expected: ${stdout.slice(0, 400)}`;
  if (listing(folder) !== before) return 'files outside the workspace changed';
  return undefined;
}

async function fuzzImages(folder) {
  const kinds = Object.entries(await originals());
  const source = join(folder, 'images');
  for (let i = 0; i < IMAGES; i++) {
    const [ending, bytes] = kinds[i % kinds.length];
    const person = join(source, `person-${i % 50}`);
    if (i < 50) mkdirSync(person, { recursive: true });
    writeFileSync(join(person, `${i}.${ending}`), mutate(bytes));
  }
  return ingestEnds(folder, source);
}

/** Good inputs by group and name, made by the program itself where it writes them. */
async function goodInputs(folder) {
  const kinds = await originals();
  const crawl = join(folder, 'good');
  for (const name of ['A', 'B', 'C', 'D']) {
    mkdirSync(join(crawl, name), { recursive: true });
    for (let i = 0; i < 6; i++)
      for (const ending of ['jpg', 'png'])
        writeFileSync(
          join(crawl, name, `${i}-${ending}.${ending}`),
          Buffer.concat([kinds[ending], Buffer.from(`${name}${i}`)]),
        );
  }
  const call = (...args) => {
    const all = [bin, ...args, '-w', join(folder, 'workspace-good'), '--quiet'];
    const { status, stderr } = spawnSync(process.execPath, all, { encoding: 'utf8' });
    if (status !== 0) throw new Error(stderr);
  };
  const tiny = ['--align', 'none', '--size', '16', '--backbone', 'plain-4', '--epochs', '1', '--batch-size', '8'];
  call('run', crawl, ...tiny);
  const made = (name) => readFileSync(join(folder, name));
  const source = {};
  for (const [format, file] of Object.entries({
    recordio: 'train.rec',
    webdataset: 'shard-000000.tar',
    parquet: 'train-00000-of-00001.parquet',
    csv: 'set.csv',
    jsonl: 'set.jsonl',
    lst: 'set.lst',
  })) {
    call('purify', '--out', join(folder, `made-${format}`), '--format', format, '--mode', 'copy');
    source[file] = made(join(`made-${format}`, file));
  }
  source['packed.tar.gz'] = gzipSync(source['shard-000000.tar']);
  const answers = {};
  for (const [name, format] of Object.entries({
    'a.csv': 'csv',
    'a.jsonl': 'jsonl',
    'a.parquet': 'parquet',
    'tasks.json': 'label-studio',
    'labels.json': 'fiftyone',
    'a.xml': 'cvat',
    'a.zip': 'cvat',
  })) {
    call('decisions', 'export', '--format', format, '--out', join(folder, name));
    answers[name] = made(name);
  }
  call('model', 'export', '--out', join(folder, 'network.onnx'));
  const rules = { rules: ['identities', 'images-per-identity', 'duplicate-rate'].map((id) => ({ id, max: 1 })) };
  return {
    image: kinds,
    source,
    answers,
    pairs: { 'pairs.bin': pickled(kinds), 'pairs.txt': Buffer.from(pairsText), 'pairs.csv': Buffer.from(pairsTable) },
    model: { 'network.onnx': made('network.onnx') },
    rules: { 'r.json': Buffer.from(JSON.stringify(rules)), 'r.yaml': Buffer.from(rulesText) },
    truth: { 'truth.csv': Buffer.from('path,noise,true_identity\nA/0.jpg,none,A\nB/0.jpg,closed,A\n') },
    settings: { 'c.json': Buffer.from('{"epochs": 3, "lossSettings": {"scale": 64}}') },
  };
}

const pairsText = '1 4\nA 1 2\nA 1 2\nA 1 2\nA 1 2\nA 1 B 2\nA 1 B 2\nA 1 B 2\nA 1 B 2\n';
const pairsTable = 'path1,path2,same\ngood/A/0-jpg.jpg,good/A/1-jpg.jpg,1\ngood/A/0-jpg.jpg,good/B/1-png.png,0\n';
const rulesText = 'rules:\n  - id: identities\n    min: 2\n  - {id: noise-rate, max: 0.5, severity: warn}\n';

/** A pickle of two lists, images and answers, of protocol 4. */
function pickled(kinds) {
  const bytes = (data) => {
    const head = Buffer.from([0x42, 0, 0, 0, 0]);
    head.writeUInt32LE(data.length, 1);
    return Buffer.concat([head, data]);
  };
  const images = [kinds.jpg, kinds.png, kinds.jpg, kinds.png].map(bytes);
  const list = (parts) => Buffer.concat([Buffer.from(']('), ...parts, Buffer.from('e')]);
  const answers = list([Buffer.from([0x88]), Buffer.from([0x89])]);
  return Buffer.concat([Buffer.from([0x80, 4]), list(images), answers, Buffer.from([0x86, 0x2e])]);
}

/** Starts a reader; `read` answers what was wrong about how it read a file, if anything. */
function startReader() {
  const child = fork(new URL('./fuzz-reader.js', import.meta.url), { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
  let said = '';
  child.stderr.on('data', (text) => (said = (said + text).slice(-400)));
  let answer = () => undefined;
  child.on('message', ({ failure, peak }) =>
    answer(failure ?? (peak > MOST_BYTES ? `${peak} bytes resident` : undefined)),
  );
  child.on('exit', (code, signal) => answer(`the process ended: ${signal ?? code}: ${said}`));
  return {
    alive: () => child.exitCode === null && child.signalCode === null,
    stop: () => child.kill('SIGKILL'),
    read: (kind, file) =>
      new Promise((done) => {
        const timer = setTimeout(() => {
          answer(`more than ${MOST_SECONDS} seconds`);
          child.kill('SIGKILL');
        }, MOST_SECONDS * 1000);
        answer = (failure) => {
          clearTimeout(timer);
          answer = () => undefined;
          done(failure);
        };
        child.send({ kind, file });
      }),
  };
}

/** Mutates the good inputs of a group in turn and has each read; answers what failed. */
async function fuzzGroup(folder, kind, good, count) {
  const failures = [];
  const inputs = Object.entries(good);
  const place = join(folder, `inputs-${kind}`);
  mkdirSync(place);
  let reader = startReader();
  for (let i = 0; i < count; i++) {
    if (!reader.alive() || i % A_READER === A_READER - 1) {
      reader.stop();
      reader = startReader();
    }
    const [name, bytes] = inputs[i % inputs.length];
    const file = join(place, `${i}-${name.includes('.') ? name : `x.${name}`}`);
    writeFileSync(file, mutate(bytes));
    const failure = await reader.read(kind, file);
    if (failure) console.error(`${file}: ${failure}`);
    if (failure) failures.push(`${file}: ${failure}`);
    else rmSync(file);
  }
  reader.stop();
  const extra = readdirSync(place).length - failures.length;
  if (extra !== 0) failures.push(`${extra} files in ${place} that nobody put there`);
  return failures;
}

export async function measure() {
  const folder = join(bench, `fuzz-${seed}`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const start = performance.now();
  const failures = [];
  const groups = process.env.GROUPS_OF?.split(',');
  const good = await goodInputs(folder);
  for (const [kind, inputs] of Object.entries(good)) {
    const count = kind === 'image' ? IMAGES : INPUTS;
    if (groups && !groups.includes(kind)) {
      // The next group gets the inputs that it would get in a whole run.
      for (let i = 0; i < count; i++) mutate(Object.values(inputs)[i % Object.keys(inputs).length]);
      continue;
    }
    const found = await fuzzGroup(folder, kind, inputs, count);
    failures.push(...found);
    console.error(`${kind}: ${found.length} failures, ${((performance.now() - start) / 1000).toFixed(0)} s so far`);
  }
  if (!groups || groups.includes('ingest')) {
    const failure = await fuzzImages(folder);
    if (failure) failures.push(`ingest of all images: ${failure}`);
  }
  return { seed, images: IMAGES, inputs: INPUTS, failures, seconds: (performance.now() - start) / 1000 };
}

export const describe = ({ seed, images, inputs, failures, seconds }) =>
  [
    `seed ${seed}: ${images} images, ${inputs} inputs of each other group, ${failures.length} failures, ${seconds.toFixed(0)} s`,
    ...failures,
  ].join('\n');
