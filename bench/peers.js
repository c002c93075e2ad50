// The peers of noise detection, by their own packages, on features we give them: bench/detection_peers.py says which.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { bench } from './cli.js';

const packages = [
  'cleanlab==2.9.0',
  'numpy==2.4.6',
  'pytorch-metric-learning==2.9.0',
  'scikit-learn==1.9.1',
  'scipy==1.17.1',
  'torch==2.5.1',
];

const script = new URL('detection_peers.py', import.meta.url).pathname;

function run(command, ...args) {
  const { status } = spawnSync(command, args, { stdio: ['ignore', 2, 2] });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}`);
}

/** A virtual environment with the peers; made on the first call, and named complete only when it is. */
function python() {
  const venv = join(bench, 'peers');
  const interpreter = join(venv, 'bin', 'python');
  const complete = join(venv, 'packages.txt');
  const wanted = packages.join('\n');
  if (existsSync(complete) && readFileSync(complete, 'utf8') === wanted) return interpreter;
  run('python3', '-m', 'venv', '--clear', venv);
  run(interpreter, '-m', 'pip', 'install', '-q', ...packages);
  writeFileSync(`${complete}.new`, wanted);
  renameSync(`${complete}.new`, complete);
  return interpreter;
}

/** float32 (N) of a file written by Python. */
function floats(file) {
  const bytes = readFileSync(file);
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}

/**
 * Starts the peers. `peersOn(features (N * D unit rows), dimensions, labels (N) from 0 to classes - 1, classes)` gives a
 * row for each: `{ name, package, version, flags, scores, seconds, peakMemoryMiB }`; `flags` the rows called noise,
 * `scores` (N) higher is noisier. One call at a time.
 * @throws Error when the packages cannot be had, the worker ends or a peer fails
 */
export async function startPeers() {
  const child = spawn(python(), [script], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const line = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error('detection_peers.py ended; what it said is above');
    return value;
  };
  if ((await line()) !== 'ready') throw new Error('detection_peers.py did not start');
  const folder = mkdtempSync(join(tmpdir(), 'facesieve-peers-'));

  async function peersOn(features, dimensions, labels, classes, seed = 0) {
    const request = { features: join(folder, 'features.f32'), labels: join(folder, 'labels.i32') };
    writeFileSync(request.features, features);
    writeFileSync(request.labels, labels);
    Object.assign(request, { rows: labels.length, dimensions, classes, seed });
    child.stdin.write(`${JSON.stringify(request)}\n`);
    const { peers, error } = JSON.parse(await line());
    if (error) throw new Error(`the peers failed: ${error}`);
    return peers.map(({ scoresFile, ...row }) => ({ ...row, scores: floats(scoresFile) }));
  }

  return {
    peersOn,
    close() {
      child.stdin.end();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
