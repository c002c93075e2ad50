// Kinds of neighbour index side by side. On drawn embeddings of 512 dimensions, each kind in a process of its own: build,
// queries, recall, memory, the saved file, and whether what is loaded finds the same. On faces with known noise: whether the
// decisions of the real program are those of exact search. hnswlib-node is found by NODE_PATH, or beside facesieve.
// Environment: N=100000 KINDS=cells,hnsw,hnswlib PARTS=drawn,faces SEEDS=1,2,3
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { defaults } from '../dist/core/config.js';
import { readTruth } from '../dist/formats/truth.js';
import { hnswlibState } from '../dist/index/hnswlib-graph.js';
import { buildIndex, indexKinds } from '../dist/index/indexes.js';
import { findSaved, loadSaved, saveIndex } from '../dist/index/saved-index.js';
import { measureRecall } from '../dist/index/recall.js';
import { detect } from '../dist/metrics/detection.js';
import { readDataset } from '../dist/workspace/dataset.js';
import { readDecisions } from '../dist/workspace/decisions.js';
import { embeddingsOf } from '../dist/workspace/embedding-file.js';
import { chooseRun } from '../dist/workspace/runs.js';
import { lookIntoWorkspace } from '../dist/workspace/workspace.js';
import { bench, data, facesieve } from './cli.js';
import { madeWorkspace } from './made-embeddings.js';

const sizes = (process.env.N ?? '100000').split(',').map(Number);
const kinds = (process.env.KINDS ?? 'cells,hnsw,hnswlib')
  .split(',')
  .filter((kind) => kind !== 'hnswlib' || hnswlibState().available);
const parts = (process.env.PARTS ?? 'drawn,faces').split(',');
const seeds = (process.env.SEEDS ?? '1,2,3').split(',').map(Number);
/** What sift asks for: ten neighbours, and five more in the place of copies. */
const NEAREST = 15;

/** Seconds on the clock and of the processor that `work` takes, and what it returns. */
async function timed(work) {
  const [start, before] = [performance.now(), process.cpuUsage()];
  const value = await work();
  const { user, system } = process.cpuUsage(before);
  return { value, wall: (performance.now() - start) / 1000, cpu: (user + system) / 1e6 };
}
const peakMiB = () => process.resourceUsage().maxRSS / 1024;

/** One kind over the embeddings of a workspace, in this process. */
async function measureKind(workspace, name) {
  const opened = lookIntoWorkspace(workspace);
  const { vectors } = embeddingsOf(opened, chooseRun(opened, undefined, 'train').id);
  const labels = Int32Array.from(readDataset(opened).labels);
  opened.close();
  const every = Int32Array.from({ length: vectors.rows }, (_, row) => row);
  const settings = { ...defaults.index, kind: name };
  const before = peakMiB();
  const built = await timed(() => buildIndex(vectors, settings, undefined, labels));
  const index = built.value;
  const searched = await timed(() => index.nearestFirst(every, NEAREST));
  const peak = peakMiB();
  const recall = await measureRecall(index, vectors, labels, 0);
  const folder = `${workspace}-${name}.saved`;
  const bytes = await saveIndex(index, folder, indexKinds[name], vectors, settings);
  await index.close();
  const only = ({ wall, cpu }) => ({ wall, cpu });
  const row = { kind: name, build: only(built), query: only(searched), ...recall, before, peak, bytes };
  if (bytes === 0) return row;
  const loaded = await timed(() =>
    loadSaved(findSaved(folder, indexKinds[name], vectors, settings), vectors, settings),
  );
  const again = await loaded.value.nearestFirst(every, NEAREST);
  await loaded.value.close();
  rmSync(folder, { recursive: true });
  const same = Buffer.from(again.ids.buffer).equals(Buffer.from(searched.value.ids.buffer));
  return { ...row, load: only(loaded), same };
}

function measureInProcess(workspace, name) {
  const run = spawnSync(process.execPath, [import.meta.filename, workspace, name], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (run.status !== 0) throw new Error(`${name} ended with ${run.status ?? run.signal}`);
  console.error(name, run.stdout.trim());
  return JSON.parse(run.stdout);
}

async function drawnRows(images) {
  const { workspace } = await madeWorkspace(images);
  return kinds.map((name) => ({ images, ...measureInProcess(workspace, name) }));
}

/** What was decided of each image, hashed. */
const hashOf = (decisions) =>
  createHash('sha256')
    .update(
      decisions.map(({ path, decision, suggestedIdentity }) => [path, decision, suggestedIdentity].join()).join('\n'),
    )
    .digest('hex')
    .slice(0, 12);

/** LFW people with a fifth noise through the real program: the same crawl sifted by each kind, graphs saved first. */
function faceRows(seed) {
  const crawl = join(bench, `indexes-crawl-${seed}`);
  const noise = ['--open', '0.1', '--closed', '0.1', '--outsiders', join(data, 'lfw-outsiders')];
  if (!existsSync(crawl)) facesieve('inject', join(data, 'lfw10a'), crawl, ...noise, '--seed', String(seed));
  const common = ['-w', join(bench, `indexes-faces-${seed}`), '--quiet'];
  facesieve('ingest', crawl, ...common, '--align', 'auto', '--size', '112');
  facesieve('train', '--backbone', 'pretrained:mobilefacenet', ...common);
  facesieve('embed', ...common);
  const truth = new Map(readTruth(join(crawl, 'truth.csv')).map((one) => [one.path, one.noise]));
  return ['exact', ...kinds].map((kind) => {
    const { bytes } = facesieve('index', 'build', '--kind', kind, '--force', ...common);
    const { index } = facesieve('sift', '--index', kind, '--force', ...common);
    const opened = lookIntoWorkspace(common[1]);
    const decisions = readDecisions(opened, chooseRun(opened, undefined, 'sift').id);
    opened.close();
    const { f1 } = detect(
      decisions.map(({ path, decision, pNoise }) => ({
        ...{ noise: truth.get(path), flagged: decision === 'drop' || decision === 'relabel', pNoise },
      })),
    );
    const row = { seed, kind, images: decisions.length, f1, hash: hashOf(decisions), bytes, ...index };
    console.error(JSON.stringify(row));
    return row;
  });
}

export async function measure() {
  const drawn = [];
  if (parts.includes('drawn')) for (const images of sizes) drawn.push(...(await drawnRows(images)));
  return { drawn, faces: parts.includes('faces') ? seeds.flatMap(faceRows) : [] };
}

const table = (head, rows) =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

export function describe({ drawn, faces }) {
  const seconds = ({ wall, cpu }) => `${cpu.toFixed(1)} (${wall.toFixed(1)})`;
  const drawnHead = ['images', 'kind', 'build', 'all queries', 'recall@10', 'own', 'peak MiB', 'of it before', 'file MiB', 'load', 'loaded finds the same']; // prettier-ignore
  const drawnCells = drawn.map((row) => [
    ...[row.images, row.kind, seconds(row.build), seconds(row.query)],
    ...[row.recallAt10.toFixed(4), row.ownRecallAt10.toFixed(4), row.peak.toFixed(0), row.before.toFixed(0)],
    ...(row.bytes > 0
      ? [(row.bytes / 2 ** 20).toFixed(0), seconds(row.load), row.same ? 'yes' : 'NO']
      : ['-', '-', '-']),
  ]);
  const faceCells = faces.map((row) => [
    ...[row.seed, row.kind, row.images, row.f1.toFixed(4), row.hash, row.recallAt10.toFixed(4)],
    row.bytes > 0 ? (row.bytes / 2 ** 20).toFixed(2) : '-',
  ]);
  return [
    ...(drawn.length > 0 ? ['Seconds of the processor (on the clock):', table(drawnHead, drawnCells), ''] : []),
    table(['seed', 'kind', 'images', 'F1', 'decisions', 'recall@10', 'file MiB'], faceCells),
  ].join('\n');
}

if (process.argv[1] === import.meta.filename)
  console.log(JSON.stringify(await measureKind(process.argv[2], process.argv[3])));
