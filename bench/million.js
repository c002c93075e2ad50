// sift on drawn embeddings of 512 dimensions: seconds by step, peak memory, and how both grow.
// Environment: N=100000,1000000; CONFIG=FILE, a config file for sift.
import { spawn } from 'node:child_process';
import { lookIntoWorkspace } from '../dist/workspace/workspace.js';
import { madeWorkspace } from './made-embeddings.js';

const sizes = (process.env.N ?? '100000,1000000').split(',').map(Number);
const bin = new URL('../bin/run.js', import.meta.url).pathname;
const reportUse =
  'data:text/javascript,process.on("exit",()=>{const{maxRSS:m,userCPUTime:u,systemCPUTime:s}=process.resourceUsage();' +
  'process.stderr.write(`used ${m} ${(u+s)/1e6}\\n`)})';

/** Peak memory and processor time of the whole process, its threads included, beside what sift says. */
async function sift(workspace) {
  const config = process.env.CONFIG ? ['--config', process.env.CONFIG] : [];
  const args = ['--import', reportUse, bin, 'sift', '--force', '--workspace', workspace, '--json', ...config];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const text = { stdout: '', stderr: '' };
  child.stdout.on('data', (data) => (text.stdout += data));
  child.stderr.on('data', (data) => (text.stderr += data));
  const start = performance.now();
  const code = await new Promise((resolve) => child.on('close', resolve));
  if (code !== 0) throw new Error(`sift ended with ${code}: ${text.stderr.slice(-2000)} ${text.stdout}`);
  const used = [...text.stderr.matchAll(/used (\d+) ([\d.]+)/g)];
  const most = (column) => Math.max(...used.map((match) => Number(match[column])));
  return {
    result: JSON.parse(text.stdout),
    wall: (performance.now() - start) / 1000,
    peakMiB: most(1) / 1024,
    cpu: most(2),
  };
}

/** Precision and recall of drop and relabel as calls of noise. */
function detection(workspace, run, truth) {
  const opened = lookIntoWorkspace(workspace);
  const rows = opened.database.prepare('SELECT decision FROM decisions WHERE run = ? ORDER BY path').pluck();
  const counts = { hit: 0, called: 0, noise: 0 };
  let i = 0;
  for (const decision of rows.iterate(run)) {
    const called = decision === 'drop' || decision === 'relabel';
    counts.called += called;
    counts.noise += truth[i];
    counts.hit += called && truth[i];
    i++;
  }
  opened.close();
  return {
    precision: counts.hit / counts.called,
    recall: counts.hit / counts.noise,
    f1: (2 * counts.hit) / (counts.called + counts.noise),
  };
}

async function measureSize(images) {
  const { workspace, truth } = await madeWorkspace(images);
  const { result, ...used } = await sift(workspace);
  return { images, ...used, ...result, detection: detection(workspace, result.run, truth) };
}

export async function measure() {
  const measured = [];
  for (const images of sizes) measured.push(await measureSize(images));
  return { measured };
}

export function describe({ measured }) {
  const steps = Object.keys(measured[0].seconds);
  const row = (name, value) => `| ${name} | ${measured.map(value).join(' | ')} |`;
  const growth =
    measured.length < 2
      ? ''
      : ` Growth of the whole: ${(measured.at(-1).cpu / measured[0].cpu).toFixed(1)} times the processor time for ${measured.at(-1).images / measured[0].images} times the images.`;
  return [
    row('seconds of step', ({ images }) => `${images} images`),
    `|---|${measured.map(() => '---|').join('')}`,
    ...steps.map((step) => row(step, ({ seconds }) => seconds[step].toFixed(1))),
    row('all, on the clock', ({ wall }) => wall.toFixed(0)),
    row('all, processor time', ({ cpu }) => cpu.toFixed(0)),
    row('peak memory, MiB', ({ peakMiB }) => peakMiB.toFixed(0)),
    row('index', ({ index }) => index.kind),
    row('recall@10 of the index', ({ index }) => index.recallAt10.toFixed(4)),
    row('the same, of the own identity', ({ index }) => index.ownRecallAt10.toFixed(4)),
    row('noise found: precision, recall, F1', ({ detection: { precision, recall, f1 } }) =>
      [precision, recall, f1].map((value) => value.toFixed(4)).join(', '),
    ),
    '',
    growth.trim(),
  ].join('\n');
}
