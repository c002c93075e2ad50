import { existsSync } from 'node:fs';
import { PUBLISHED_SIZE } from '../../core/config.js';
import { assertFinite } from '../../core/vectors.js';
import { readTensors, writeTensors } from '../../core/safetensors.js';
import { EngineError } from '../../core/errors.js';
import { openOnnxModel } from '../../engine/onnx-model.js';
import type { EngineOptions } from '../../engine/program.js';
import type { FrozenModel } from './frozen-model.js';
import { prepareInto } from './preprocessing.js';

/** What a frozen model makes of every crop and of its mirror image, (N, F) each, not normalised. */
export interface Features {
  dimensions: number;
  upright: Float32Array;
  mirrored: Float32Array;
}

/**
 * The features in `file`, or made and stored there; without a file, made. @param afterBatch is told how many crops are done; what it throws
 * stops the work @throws EngineError when the crops do not have the size the model takes
 */
export async function featuresOf(
  model: FrozenModel,
  options: EngineOptions,
  supply: CropSupply,
  file: string | undefined,
  afterBatch: (done: number) => void,
): Promise<Features> {
  if (file && existsSync(file)) return readFeatures(file);
  const features = await makeFeatures(model, options, supply, afterBatch);
  return keepFeatures(model, features, file);
}

/** Checks `features`, and stores them in `file` where one is named. @throws FormatError, EngineError */
export function keepFeatures(model: FrozenModel, features: Features, file: string | undefined): Features {
  const { dimensions, upright, mirrored } = features;
  for (const way of ['upright', 'mirrored'] as const)
    assertFinite(features[way], `What "${model.file}" makes of the crops`, dimensions);
  refuseSameRows(upright, dimensions, model.file);
  if (!file) return features;
  const shape = [upright.length / dimensions, dimensions];
  writeTensors(file, {
    tensors: { upright: { shape, data: upright }, mirrored: { shape, data: mirrored } },
    metadata: { format: 'facesieve features 1', model: model.sha256 },
  });
  return features;
}

/** Crops that `model` is given at once. */
export async function batchOf(model: FrozenModel, options: EngineOptions): Promise<number> {
  const network = await openOnnxModel(model.file, options);
  await network.dispose();
  return network.batch;
}

/** Rows that differ by less than this share of their length are the same. */
const SAME = 1e-5;

/** @param rows (N, D) @throws EngineError when a model gives the same row for every crop */
function refuseSameRows(rows: Float32Array, dimensions: number, file: string): void {
  const count = rows.length / dimensions;
  if (count < 2) return;
  const scale = rows.subarray(0, dimensions).reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  if (!rows.every((value, i) => Math.abs(value - rows[i % dimensions]) <= SAME * scale)) return;
  throw new EngineError(
    `"${file}" gives the same row${scale === 0 ? ', zeros,' : ''} for all ${count} crops: it tells nobody apart.`,
    [
      'Its weights are damaged, or it wants other pixels: see --pixel-mean and --pixel-scale, or use another --backbone.',
    ],
  );
}

/** @throws EngineError if `model` takes images of `side` pixels and the crops have `size` */
export function assertSide({ file }: FrozenModel, side: number, size: number): void {
  if (side === size) return;
  throw new EngineError(`"${file}" takes images of ${side} pixels, but the crops have ${size}.`, [
    `facesieve ingest SOURCE --size ${side} --force`,
    `With facesieve run, ${side === PUBLISHED_SIZE ? 'leave --size out' : `add --size ${side}`}.`,
  ]);
}

function readFeatures(file: string): Features {
  const { upright, mirrored } = readTensors(file).tensors;
  for (const { shape, data } of [upright, mirrored]) assertFinite(data, `"${file}"`, shape[1]);
  return { dimensions: upright.shape[1], upright: upright.data, mirrored: mirrored.data };
}

/**
 * The features of every crop of `supply`. The last bits of a row can depend on the rows beside it in its batch: a part of
 * a set gives the rows of the whole where it begins at a multiple of {@link batchOf}, and ends at one or with the set.
 */
export async function makeFeatures(
  model: FrozenModel,
  options: EngineOptions,
  { count, size, fill }: CropSupply,
  afterBatch: (done: number) => void,
): Promise<Features> {
  const network = await openOnnxModel(model.file, options);
  try {
    const { outputLength: dimensions, batch, channels, channelsFirst, side } = network;
    const preprocessing = network.takesBytes ? { ...model.preprocessing, mean: 0, scale: 1 } : model.preprocessing;
    assertSide(model, side, size);
    const features = {
      dimensions,
      upright: new Float32Array(count * dimensions),
      mirrored: new Float32Array(count * dimensions),
    };
    const crop = new Uint8Array(size * size * 3);
    const length = size * size * channels;
    const images = { upright: new Float32Array(batch * length), mirrored: new Float32Array(batch * length) };
    for (let from = 0; from < count; from += batch) {
      const used = Math.min(batch, count - from);
      for (let i = 0; i < used; i++) {
        fill(from + i, crop, 0);
        for (const way of ['upright', 'mirrored'] as const)
          prepareInto(crop, size, images[way], i * length, preprocessing, {
            channelsFirst,
            mirror: way === 'mirrored',
            grey: channels === 1,
          });
      }
      for (const way of ['upright', 'mirrored'] as const)
        features[way].set(await network.run(images[way].subarray(0, used * length)), from * dimensions);
      afterBatch(from + used);
    }
    return features;
  } finally {
    await network.dispose();
  }
}

/** Image and mirror image together, (N, F): their mean. */
export function meanFeatures({ upright, mirrored }: Features): Float32Array {
  return upright.map((value, i) => (value + mirrored[i]) / 2);
}

/** Crops to embed: `fill(i, target, offset)` copies crop i, (size, size, 3) bytes, into `target` at `offset`. */
export interface CropSupply {
  count: number;
  size: number;
  fill(index: number, target: Uint8Array, offset: number): void;
}
