import { existsSync, realpathSync } from 'node:fs';
import { writeAtomically } from '../../core/atomic-write.js';
import { ConfigError, EngineError } from '../../core/errors.js';
import { randomOf } from '../../core/random.js';
import { dot, rowOf, unitRows } from '../../core/vectors.js';
import { embedderOf } from '../../engine/embedder.js';
import { openForeign, readForeign } from '../../engine/onnx/foreign-file.js';
import { inferenceOptions } from '../../engine/onnx/session-settings.js';
import { type SlimGraph, slimGraph, type SlimOptions } from '../../engine/onnx/slim/slim-graph.js';
import { type EngineOptions, sizeOf } from '../../engine/program.js';
import type { FrozenModel } from './frozen-model.js';

export interface SlimResult extends Pick<SlimGraph, 'filters' | 'dead' | 'duplicate'> {
  file: string;
  out: string;
  /** How `out` wants its images: it lies beside it and is read with it. */
  preprocessing: string;
  bytes: { before: number; after: number };
  /** Between the embeddings before and after, of images of noise. */
  cosine: { mean: number; lowest: number };
}

/** Images that both models embed. */
const IMAGES = 16;
/** Channels that make no difference leave no more than rounding. */
const LOWEST_COSINE = 0.99999;

/**
 * Writes `model` without channels that make no difference to `out`, and its preprocessing beside it, after both were run.
 * @throws ConfigError when `out` cannot be such a file, EngineError when the two do not compute the same
 */
export async function slimModel(
  { file, preprocessing }: Pick<FrozenModel, 'file' | 'preprocessing'>,
  out: string,
  options: SlimOptions,
  engine: EngineOptions,
): Promise<SlimResult> {
  assertOut(file, out);
  const before = readForeign(file);
  const { bytes: after, filters, dead, duplicate } = slimGraph(file, before, options);
  const cosine = await compare(file, before, after, engine);
  if (!(cosine.lowest >= LOWEST_COSINE))
    throw new EngineError(
      `"${file}" gives other embeddings without these channels: their cosine falls to ${cosine.lowest.toFixed(6)}.`,
      ['Nothing was written. Use a smaller --threshold: smaller weights than that are taken for zero.'],
    );
  const beside = out.replace(/\.onnx$/, '.json');
  writeAtomically(out, after);
  writeAtomically(beside, `${JSON.stringify(preprocessing)}\n`);
  const bytes = { before: before.length, after: after.length };
  return { file, out, preprocessing: beside, bytes, filters, dead, duplicate, cosine };
}

function assertOut(file: string, out: string): void {
  if (!out.endsWith('.onnx'))
    throw new ConfigError(`"${out}" does not end in .onnx: it could not be named with --backbone.`, [
      'facesieve model slim MODEL --out slim.onnx',
    ]);
  if (existsSync(out) && realpathSync(out) === realpathSync(file))
    throw new ConfigError(`"${out}" is the model itself; facesieve does not write over what it reads.`, [
      'Name another file with --out.',
    ]);
}

/** Cosines between what two models make of the same images of noise. */
async function compare(
  file: string,
  before: Uint8Array,
  after: Uint8Array,
  engine: EngineOptions,
): Promise<SlimResult['cosine']> {
  const [expected, actual] = [await embedNoise(file, before, engine), await embedNoise(file, after, engine)];
  const cosines = Array.from({ length: IMAGES }, (_, i) => dot(rowOf(expected, i), rowOf(actual, i)));
  return { mean: cosines.reduce((sum, cosine) => sum + cosine, 0) / IMAGES, lowest: Math.min(...cosines) };
}

async function embedNoise(file: string, bytes: Uint8Array, engine: EngineOptions) {
  const model = await embedderOf(await openForeign(file, bytes, inferenceOptions(engine)), file);
  try {
    const random = randomOf('images that a slim model is tried on');
    const size = sizeOf(model.inputShape);
    const data = new Float32Array(IMAGES * model.outputLength);
    for (let from = 0; from < IMAGES; from += model.batch) {
      const count = Math.min(model.batch, IMAGES - from);
      const images = Float32Array.from({ length: count * size }, () =>
        model.takesBytes ? random.integer(256) : random.between(-1, 1),
      );
      data.set(await model.run(images), from * model.outputLength);
    }
    return unitRows({ data, rows: IMAGES, dimensions: model.outputLength });
  } finally {
    await model.dispose();
  }
}
