import { type InferenceSession, Tensor } from 'onnxruntime-node';
import { EngineError } from '../core/errors.js';
import { embeddingOutput } from './onnx/embedding-output.js';
import { sizeOf } from './program.js';

/** A model from elsewhere with one image input and one embedding output, at work in ONNX Runtime. */
export interface OnnxModel {
  /** Sides of the input without the batch, as the model declares them. */
  inputShape: number[];
  /** Colours of a pixel: 3, or 1 for grey. */
  channels: 1 | 3;
  /** (C, S, S), else (S, S, C). */
  channelsFirst: boolean;
  /** Pixels a side. */
  side: number;
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

const isImages = (input: InferenceSession.ValueMetadata): input is InferenceSession.TensorValueMetadata =>
  input.isTensor && ['float32', 'uint8'].includes(input.type) && input.shape.length === 4;

/** `session` on the model in `file` as one that embeds images. @throws EngineError when it is none */
export async function embedderOf(session: InferenceSession, file: string): Promise<OnnxModel> {
  const [input] = session.inputMetadata;
  if (session.inputMetadata.length !== 1 || !input.isTensor || !isImages(input))
    throw new EngineError(
      `"${file}" does not take one batch of images, floats or bytes, (N, 3, S, S) or (N, S, S, 3): its inputs are ` +
        `${session.inputMetadata.map(inputText).join(', ')}.`,
      ['Name the recognition model, exported with one image input.'],
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
  const fixed = typeof batch === 'number' && batch > 0 ? batch : undefined;
  const runAll = (images: Float32Array): Promise<InferenceSession.OnnxValueMapType> => {
    const count = fixed ?? images.length / sizeOf(sides);
    const all = new Float32Array(count * sizeOf(sides)); // a batch that is not full is filled up
    all.set(images);
    const shape = [count, ...sides];
    return session.run({
      [input.name]: takesBytes ? new Tensor('uint8', Uint8Array.from(all), shape) : new Tensor('float32', all, shape),
    });
  };
  const probe = await runAll(new Float32Array(sizeOf(sides))).catch((error: unknown) => {
    throw new EngineError(`"${file}" cannot embed an image: ${(error as Error).message.split('\n')[0]}`);
  });
  const output = embeddingOutput(triedOutputs(probe, session.outputNames, fixed ?? 1), file);
  const outputLength = sizeOf((probe[output] as Tensor).dims) / (fixed ?? 1);
  const run = async (images: Float32Array): Promise<Float32Array> => {
    const rows = (await runAll(images))[output].data as Float32Array;
    return rows.subarray(0, (images.length / sizeOf(sides)) * outputLength);
  };
  return {
    inputShape: sides,
    ...imageForm(sides, file),
    takesBytes,
    outputLength,
    batch: fixed ?? BATCH,
    run,
    dispose: () => session.release(),
  };
}

const inputText = (input: InferenceSession.ValueMetadata): string =>
  input.isTensor ? `"${input.name}" (${input.type}, ${input.shape.join(' x ') || 'one number'})` : `"${input.name}"`;

/** Outputs of a call with `count` images, as for one. */
const triedOutputs = (
  results: InferenceSession.OnnxValueMapType,
  names: readonly string[],
  count: number,
): { name: string; shape: number[] }[] =>
  names.map((name) => {
    const [first = 0, ...rest] = (results[name] as Tensor).dims;
    return { name, shape: [first / count, ...rest] };
  });

/** Where colours and pixels stand in an input. @throws EngineError when it is no square image of one or three colours */
function imageForm(sides: readonly number[], file: string): Pick<OnnxModel, 'channels' | 'channelsFirst' | 'side'> {
  const [a, b, c] = sides;
  const isColours = (side: number): side is 1 | 3 => side === 1 || side === 3;
  if (isColours(a) && b === c) return { channels: a, channelsFirst: true, side: b };
  if (isColours(c) && a === b) return { channels: c, channelsFirst: false, side: a };
  throw new EngineError(
    `"${file}" takes images of ${sides.join(' x ')}; square ones of 1 or 3 colours, 3 x S x S or S x S x 3, are needed.`,
    ['Export it for square images, such as 112 x 112.'],
  );
}
