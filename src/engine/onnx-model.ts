import { InferenceSession, Tensor } from 'onnxruntime-node';
import { EngineError } from '../core/errors.js';
import { openForeign, readForeign } from './onnx/foreign-file.js';
import { freeBatch } from './onnx/free-batch.js';
import { inferenceOptions } from './onnx/session-settings.js';
import { splitPrelu } from './onnx/split-prelu.js';
import { type EngineOptions, sizeOf } from './program.js';

/** A model from elsewhere with one image input and one embedding output, at work in ONNX Runtime. */
export interface OnnxModel {
  /** Sides of the input without the batch, as the model declares them. */
  inputShape: number[];
  /** Whether it takes bytes, 0 to 255, and so prepares pixels itself, as what `model export` writes does. */
  takesBytes: boolean;
  /** Length of an output row. */
  outputLength: number;
  /** Most images a call takes. */
  batch: number;
  /** @param images (n, ...inputShape), n <= batch @returns (n, outputLength) */
  run(images: Float32Array): Promise<Float32Array>;
  dispose(): Promise<void>;
}

const BATCH = 16;
/** Largest side of an image that is accepted: no face model comes near it. */
const MOST_PIXELS = 4096;

/**
 * Opens `file`, rewritten to be faster and to take several images at once where it was exported for one, if it then
 * computes the same.
 * @throws PathError, FormatError
 */
export async function openOnnxModel(file: string, options: EngineOptions): Promise<OnnxModel> {
  const bytes = readForeign(file);
  const open = (content: Uint8Array): Promise<InferenceSession> =>
    openForeign(file, content, inferenceOptions(options));
  const given = await describe(await open(bytes), file);
  for (const rewrite of [(model: Uint8Array) => freeBatch(splitPrelu(model)), splitPrelu, freeBatch]) {
    const faster = await attempt(() => open(rewrite(bytes)).then((rewritten) => describe(rewritten, file)));
    if (!faster) continue;
    if (await agree(given, faster)) {
      await given.dispose();
      return faster;
    }
    await faster.dispose();
  }
  return given;
}

/** What a rewritten model is good for is found by trying it. */
async function attempt<R>(work: () => Promise<R>): Promise<R | undefined> {
  try {
    return await work();
  } catch {
    return undefined;
  }
}

const isImages = (input: InferenceSession.ValueMetadata): input is InferenceSession.TensorValueMetadata =>
  input.isTensor && ['float32', 'uint8'].includes(input.type) && input.shape.length === 4;

async function describe(session: InferenceSession, file: string): Promise<OnnxModel> {
  const [input] = session.inputMetadata;
  if (session.inputMetadata.length !== 1 || !input.isTensor || !isImages(input))
    throw new EngineError(
      `"${file}" does not take one batch of images, floats or bytes, (N, 3, S, S) or (N, S, S, 3).`,
    );
  const [batch, ...inputShape] = input.shape as (number | string)[];
  if (inputShape.some((side) => typeof side !== 'number' || side < 1))
    throw new EngineError(`"${file}" does not say how large its images are.`, ['Export it with a fixed image size.']);
  const sides = inputShape as number[];
  if (Math.max(...sides) > MOST_PIXELS)
    throw new EngineError(
      `"${file}" asks for images of ${sides.join(' x ')}; at most ${MOST_PIXELS} per side can be used.`,
    );
  const takesBytes = input.type === 'uint8';
  const run = async (images: Float32Array): Promise<Float32Array> => {
    const count = images.length / sizeOf(sides);
    const shape = [count, ...sides];
    const tensor = takesBytes
      ? new Tensor('uint8', Uint8Array.from(images), shape)
      : new Tensor('float32', images, shape);
    const results = await session.run({ [input.name]: tensor });
    return results[session.outputNames[0]].data as Float32Array;
  };
  const probe = await run(new Float32Array(sizeOf(sides))).catch((error: unknown) => {
    throw new EngineError(`"${file}" cannot embed an image: ${(error as Error).message.split('\n')[0]}`);
  });
  return {
    inputShape: sides,
    takesBytes,
    outputLength: probe.length,
    batch: typeof batch === 'number' && batch > 0 ? batch : BATCH,
    run,
    dispose: () => session.release(),
  };
}

/** Whether two images, together if it can, come out of `changed` as each alone of `given`. */
async function agree(given: OnnxModel, changed: OnnxModel): Promise<boolean> {
  const size = sizeOf(given.inputShape);
  const wave = (i: number): number => Math.sin(i * 0.37) * ((i % 7) / 7);
  const images = Float32Array.from({ length: 2 * size }, (_, i) =>
    given.takesBytes ? 127.5 * (1 + wave(i)) : wave(i),
  );
  const oneByOne = async (model: OnnxModel): Promise<number[]> => [
    ...(await model.run(images.slice(0, size))),
    ...(await model.run(images.slice(size))),
  ];
  const expected = await oneByOne(given);
  const actual = await attempt(async () => (changed.batch > 1 ? [...(await changed.run(images))] : oneByOne(changed)));
  const scale = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return actual?.length === expected.length && actual.every((v, i) => Math.abs(v - expected[i]) <= 1e-4 * scale);
}
