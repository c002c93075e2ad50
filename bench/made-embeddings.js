// A workspace as ingest, train and embed leave it, of embeddings that are drawn instead of computed: any size in minutes.
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { cropGeometry } from '../dist/core/crop-geometry.js';
import { resolveConfig } from '../dist/core/resolve-config.js';
import { dot } from '../dist/core/vectors.js';
import { CropWriter } from '../dist/images/crop-file.js';
import { writeCheckpoint } from '../dist/model/checkpoint.js';
import { cropFileOf } from '../dist/workspace/dataset.js';
import { embeddingFileOf } from '../dist/workspace/embedding-file.js';
import { insertImages } from '../dist/workspace/images.js';
import { checkpointFileOf, recordRun } from '../dist/workspace/runs.js';
import { doOnce } from '../dist/workspace/stage.js';
import { openWorkspace, writeFact } from '../dist/workspace/workspace.js';

import { bench } from './cli.js';

const [D, K] = [512, 3];
const BATCH = 5000;
/** Side of the crops: noise, but for copies. */
const CROP = 16;
const TABLE = 2 ** 16;
const EPOCHS = 24;
/** What the best other centre comes to: margins are drawn from the embeddings, the truth has no say in them. */
const RIVAL = 0.25;

/** A fast generator (xorshift, Marsaglia 2003): half a billion draws are too many for core/random. */
function drawer(seed) {
  let state = seed;
  const uniform = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
  const normals = Float32Array.from(
    { length: TABLE },
    () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()),
  );
  // Directions of falling weight: strangers' cosines then scatter by .07, as those of face networks do.
  const weights = Float32Array.from({ length: D }, (_, d) => 1 / Math.sqrt(1 + d / 64));
  const toUnit = (row) => {
    let sum = 0;
    for (const value of row) sum += value * value;
    const scale = 1 / Math.sqrt(sum);
    for (let d = 0; d < D; d++) row[d] *= scale;
    return row;
  };
  const direction = (row) => {
    for (let d = 0; d < D; d++) row[d] = normals[Math.floor(TABLE * uniform())] * weights[d];
    return toUnit(row);
  };
  const noise = new Float32Array(D);
  /** `row` at `cosine` to `centre`. */
  const near = (row, centre, cosine) => {
    direction(noise);
    const rest = Math.sqrt(1 - cosine * cosine);
    for (let d = 0; d < D; d++) row[d] = cosine * centre[d] + rest * noise[d];
    return toUnit(row);
  };
  const hex = (digits) => {
    let text = '';
    while (text.length < digits)
      text += Math.floor(2 ** 32 * uniform())
        .toString(16)
        .padStart(8, '0');
    return text;
  };
  return { uniform, direction, near, hex };
}

const nameOf = (identity) => `person-${String(identity).padStart(6, '0')}`;

/** The workspace of so many images, drawn unless it is there. @returns its folder and the truth, one byte an image: 1 = noise */
export async function madeWorkspace(images) {
  const workspace = join(bench, `million-${images}`);
  const truthFile = `${workspace}.truth`;
  if (!existsSync(truthFile)) {
    rmSync(workspace, { recursive: true, force: true });
    writeFileSync(truthFile, await makeEmbeddings(workspace, images));
  }
  return { workspace, truth: readFileSync(truthFile) };
}

/**
 * Identities of 5-60 images, most of them small; cosine to the centre .5-.75; 10 % strangers, 10 % of another identity,
 * 1 % copies. @returns one byte an image, by path: 1 = noise
 */
async function makeEmbeddings(folder, images) {
  const draw = drawer(2463534242);
  const sizes = [];
  let total = 0;
  while (total < images) {
    const size = Math.min(images - total, 5 + Math.floor(55 * draw.uniform() ** 2.67));
    sizes.push(size);
    total += size;
  }
  const centres = new Float32Array(sizes.length * D);
  const centreOf = (identity) => centres.subarray(identity * D, (identity + 1) * D);
  sizes.forEach((_, identity) => draw.direction(centreOf(identity)));

  // Aligned, as the faces are that models of this width are given.
  const config = resolveConfig({ embeddingSize: D, subcenters: K, size: CROP, align: 'auto' });
  const workspace = openWorkspace(folder);
  const context = { workspace, config, progress: { update() {}, note() {} }, signal: new AbortController().signal };
  try {
    writeFact(workspace, 'source', folder);
    writeFact(workspace, 'crop', JSON.stringify(cropGeometry(config)));
    const { result } = await doOnce(context, 'train', { images }, (id) => {
      recordRun(workspace, { id, stage: 'train', parent: null, config, inputs: {} });
      return { id };
    });
    const { truth, margins } = writeImages(workspace, embeddingFileOf(workspace, result.id), draw, sizes, centreOf);
    writeHead(checkpointFileOf(workspace, result.id), result.id, draw, sizes, centreOf, margins);
    return truth;
  } finally {
    workspace.close();
  }
}

function writeImages(workspace, file, draw, sizes, centreOf) {
  const images = sizes.reduce((sum, size) => sum + size, 0);
  const truth = new Uint8Array(images);
  const margins = new Float32Array(images);
  const stream = embeddingStream(file, images);
  const own = new Float32Array(D);
  let batch = { rows: [], crops: [], vectors: new Float32Array(BATCH * D) };
  const pictures = new CropWriter(cropFileOf(workspace), CROP, 0);
  let picture;
  let before;
  let id = 0;
  const flush = () => {
    insertImages(workspace, batch.rows, batch.crops);
    stream.write(batch.vectors.subarray(0, batch.rows.length * D));
    batch = { rows: [], crops: [], vectors: batch.vectors };
  };
  sizes.forEach((size, identity) => {
    for (let j = 0; j < size; j++, id++) {
      const kind = draw.uniform();
      const vector = batch.vectors.subarray(batch.rows.length * D, (batch.rows.length + 1) * D);
      const copied = j > 0 && batch.rows.length > 0 && draw.uniform() < 0.01;
      if (copied) {
        vector.set(before.vector);
        truth[id] = truth[id - 1];
      } else {
        const stranger = kind < 0.1;
        const swapped = !stranger && kind < 0.2;
        if (stranger) draw.direction(own);
        const centre = stranger ? own : centreOf(swapped ? Math.floor(sizes.length * draw.uniform()) : identity);
        draw.near(vector, centre, 0.5 + 0.25 * draw.uniform());
        truth[id] = stranger || swapped ? 1 : 0;
      }
      const hashes = copied ? before.hashes : { sha256: draw.hex(64), dhash: draw.hex(16) };
      if (!copied) picture = randomBytes(CROP * CROP * 3);
      pictures.append(picture);
      before = { vector, hashes };
      margins[id] = dot(vector, centreOf(identity)) - RIVAL + 0.3 * (draw.uniform() - 0.5);
      const path = `${nameOf(identity)}/${String(j).padStart(4, '0')}.jpg`;
      const place = JSON.stringify({ file: `/crawl/faces/${path}` });
      const found = { width: 250, height: 250, slot: id, error: null, state: 'ok', role: 'set', place };
      batch.rows.push({ id: id + 1, path, identity: nameOf(identity), ...hashes, ...found });
      batch.crops.push({ slot: id, image: id + 1, face: 0, facts: { sharpness: 100, brightness: 120, contrast: 50 } });
      if (batch.rows.length === BATCH) flush();
    }
  });
  flush();
  pictures.close();
  stream.end();
  return { truth, margins };
}

/** What writeEmbeddings writes, row after row. */
function embeddingStream(file, rows) {
  const bytes = 4 * rows * D;
  const header = JSON.stringify({
    __metadata__: { format: 'facesieve embeddings 1' },
    embeddings: { dtype: 'F32', shape: [rows, D], data_offsets: [0, bytes] },
    norms: { dtype: 'F32', shape: [rows], data_offsets: [bytes, bytes + 4 * rows] },
  });
  const json = Buffer.from(header.padEnd(8 * Math.ceil(header.length / 8)));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  mkdirSync(dirname(file), { recursive: true });
  const handle = openSync(file, 'w');
  const write = (values) => {
    const part = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    for (let done = 0; done < part.length;) done += writeSync(handle, part, done);
  };
  write(length);
  write(json);
  return {
    write,
    end() {
      write(new Float32Array(rows).fill(1));
      closeSync(handle);
    },
  };
}

/** Sub-centres as training leaves them: the dominant one near the identity's centre, the others where noise gathers. */
function writeHead(file, run, draw, sizes, centreOf, margins) {
  const head = new Float32Array(sizes.length * K * D);
  sizes.forEach((_, identity) => {
    const row = (k) => head.subarray((identity * K + k) * D, (identity * K + k + 1) * D);
    draw.near(row(0), centreOf(identity), 0.9);
    draw.near(row(1), centreOf(identity), 0.3);
    draw.direction(row(2));
  });
  const counts = new Float32Array(margins.length).fill(EPOCHS);
  const sums = margins.map((margin) => EPOCHS * margin);
  const progress = { epoch: 24, step: 1, lossSum: 0, angleSum: 0, images: margins.length, history: [], seconds: 1 };
  const state = { head, 'margins.sum': sums, 'margins.count': counts };
  const specs = Object.fromEntries(Object.entries(state).map(([name, { length }]) => [name, { shape: [length] }]));
  writeCheckpoint(file, { run, progress, identities: sizes.map((_, identity) => nameOf(identity)), state }, specs);
}
