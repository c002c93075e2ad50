// Reading images: decode, crop, resize and hash against Pillow + imagehash in as many processes, faces found and aligned
// against the same chain in Python with onnxruntime, alternately; and peak memory of the whole program by set size.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { openCropPool } from '../dist/pipeline/ingest/crop-pool.js';
import { faceModels } from '../dist/model/frozen/face-models.js';
import { alternate, pythonWorker, worker } from './alternate.js';
import { bench, joined } from './cli.js';

const threads = availableParallelism();
const SIZE = 112;
const IMAGES = 800;
const sets = (process.env.SETS ?? '5000,50000').split(',').map(Number);

function someFiles() {
  const root = joined('lfw10a', 'lfw5a');
  const files = readdirSync(root).flatMap((name) =>
    readdirSync(join(root, name)).map((file) => join(root, name, file)),
  );
  return files.filter((_, i) => i % Math.floor(files.length / IMAGES) === 0).slice(0, IMAGES);
}

async function speed(name, align, scripts) {
  const files = someFiles();
  const models = align === 'auto' ? faceModels('') : undefined;
  const pool = openCropPool(
    { geometry: { size: SIZE, align, share: 0.52 }, maxPixels: 1e8, maxFileBytes: 2 ** 27, models },
    threads,
  );
  const ours = worker(
    'facesieve',
    () => pool.crop(files.map((file) => ({ place: { file } }))),
    () => pool.close(),
  );
  const list = join(bench, 'ingest-files.txt');
  writeFileSync(list, files.join('\n'));
  const references = [];
  for (const [title, ...args] of scripts)
    references.push(await pythonWorker(title, ...args.map((arg) => (arg === 'LIST' ? list : arg))));
  return { name, images: files.length, ...(await alternate([ours, ...references], files.length, { turnSeconds: 3 })) };
}

/** A folder of `count` images, ten an identity, made of the shared ones with bytes put after their end. */
function repeated(count) {
  const folder = join(bench, `repeated-${count}`);
  if (existsSync(join(folder, 'done'))) return folder;
  const files = someFiles().map((file) => readFileSync(file));
  for (let i = 0; i < count; i++) {
    const person = join(folder, `person-${String(Math.floor(i / 10)).padStart(5, '0')}`);
    if (i % 10 === 0) mkdirSync(person, { recursive: true });
    writeFileSync(join(person, `${i}.jpg`), Buffer.concat([files[i % files.length], Buffer.from(String(i))]));
  }
  writeFileSync(join(folder, 'done'), '');
  return folder;
}

/** Peak resident memory in MiB, and images a second, of `facesieve ingest`. */
async function memory(count) {
  const workspace = join(bench, `repeated-${count}-workspace`);
  rmSync(workspace, { recursive: true, force: true });
  const bin = new URL('../bin/run.js', import.meta.url).pathname;
  const args = ['ingest', repeated(count), '-w', workspace, '--align', 'center', '--size', '64', '--quiet'];
  const start = performance.now();
  const child = spawn(process.execPath, [bin, ...args], { stdio: 'ignore' });
  let peak = 0;
  const watch = setInterval(() => {
    const status = existsSync(`/proc/${child.pid}/status`) ? readFileSync(`/proc/${child.pid}/status`, 'utf8') : '';
    peak = Math.max(peak, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024);
  }, 100);
  const code = await new Promise((done) => child.on('exit', done));
  clearInterval(watch);
  rmSync(workspace, { recursive: true, force: true });
  if (code !== 0) throw new Error(`ingest of ${count} images ended with ${code}`);
  return { count, peakMiB: peak, imagesPerSecond: (1000 * count) / (performance.now() - start) };
}

export async function measure() {
  const { detector, landmarks } = faceModels('');
  const script = 'python_ingest.py';
  const speeds = [
    await speed('decode, middle, resize, hash', 'center', [
      [`Pillow + imagehash, ${threads} processes`, script, 'LIST', SIZE, threads],
    ]),
    await speed('decode, find, align, hash', 'auto', [
      [`onnxruntime, 1 process`, script, 'LIST', SIZE, 1, detector.file, landmarks, threads],
      [`onnxruntime, ${threads} processes`, script, 'LIST', SIZE, threads, detector.file, landmarks, 1],
    ]),
  ];
  const memories = [];
  for (const count of sets) memories.push(await memory(count));
  return { speeds, memories };
}

export const describe = ({ speeds, memories }) =>
  [
    '| work | facesieve, images/s | reference, images/s | ratio (range over rounds) | reference |',
    '|---|---|---|---|---|',
    ...speeds.map(
      (r) =>
        `| ${r.name} | ${r.ours.toFixed(0)} | ${r.reference.toFixed(0)} | ` +
        `${r.ratio.toFixed(2)} (${r.ratioLow.toFixed(2)}-${r.ratioHigh.toFixed(2)}) | ${r.referenceName} |`,
    ),
    '',
    '| images | peak memory, MiB | images/s |',
    '|---|---|---|',
    ...memories.map((r) => `| ${r.count} | ${r.peakMiB.toFixed(0)} | ${r.imagesPerSecond.toFixed(0)} |`),
  ].join('\n');
