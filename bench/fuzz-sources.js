// Mutated images and archives through the real ingest: no crash, no hang, nothing written outside. SEED, IMAGES and
// ARCHIVES set what is tried; what fails is kept, and its number said.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import sharp from 'sharp';
import { bench } from './cli.js';

const seed = Number(process.env.SEED ?? 1);
const IMAGES = Number(process.env.IMAGES ?? 10_000);
const ARCHIVES = Number(process.env.ARCHIVES ?? 1000);
const LIMIT_SECONDS = 60;
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

/** One good archive of every kind, made by the program itself. */
async function archives(folder) {
  const kinds = await originals();
  const crawl = join(folder, 'good');
  for (const name of ['A', 'B', 'C', 'D']) {
    mkdirSync(join(crawl, name), { recursive: true });
    for (let i = 0; i < 6; i++)
      for (const ending of ['jpg', 'png'])
        writeFileSync(join(crawl, name, `${i}.${ending}`), Buffer.concat([kinds[ending], Buffer.from(`${name}${i}`)]));
  }
  const workspace = join(folder, 'workspace-good');
  const call = (...args) =>
    spawnSync(process.execPath, [bin, ...args, '-w', workspace, '--quiet'], { encoding: 'utf8' });
  const tiny = ['--align', 'none', '--size', '16', '--backbone', 'plain-4', '--epochs', '1', '--batch-size', '8'];
  call('run', crawl, ...tiny);
  const files = {};
  for (const [format, file] of Object.entries({
    recordio: 'train.rec',
    webdataset: 'shard-000000.tar',
    parquet: 'train-00000-of-00001.parquet',
    csv: 'set.csv',
    jsonl: 'set.jsonl',
    lst: 'set.lst',
  })) {
    const out = join(folder, `made-${format}`);
    const ended = call('purify', '--out', out, '--format', format, '--mode', 'copy');
    if (ended.status !== 0) throw new Error(ended.stderr);
    files[file] = readFileSync(join(out, file));
  }
  files['packed.tar.gz'] = gzipSync(files['shard-000000.tar']);
  return Object.entries(files);
}

export async function measure() {
  const folder = join(bench, `fuzz-${seed}`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const start = performance.now();
  const failures = [];
  const imageFailure = await fuzzImages(folder);
  if (imageFailure) failures.push(`images: ${imageFailure}`);
  rmSync(join(folder, 'workspace'), { recursive: true, force: true });
  const good = await archives(folder);
  for (let i = 0; i < ARCHIVES; i++) {
    const [name, bytes] = good[i % good.length];
    const source = join(folder, `${i}-${name}`);
    writeFileSync(source, mutate(bytes));
    const failure = ingestEnds(folder, source);
    if (failure) failures.push(`${i}-${name}: ${failure}`);
    else rmSync(source);
    rmSync(join(folder, 'workspace'), { recursive: true, force: true });
    if (i % 100 === 99) console.error(`${i + 1} archives, ${failures.length} failures`);
  }
  return { seed, images: IMAGES, archives: ARCHIVES, failures, seconds: (performance.now() - start) / 1000 };
}

export const describe = ({ seed, images, archives, failures, seconds }) =>
  [
    `seed ${seed}: ${images} images, ${archives} archives, ${failures.length} failures, ${seconds.toFixed(0)} s`,
    ...failures,
  ].join('\n');
