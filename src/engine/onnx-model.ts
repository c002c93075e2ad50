import { type EngineOptions, sizeOf } from './program.js';
import { embedderOf, type OnnxModel } from './embedder.js';
import { computedForm } from './onnx/computed-form.js';
import { openForeign, readForeign } from './onnx/foreign-file.js';
import { freeBatch } from './onnx/free-batch.js';
import { inferenceOptions } from './onnx/session-settings.js';

/**
 * Opens `file`, rewritten to be faster and to take several images at once where it was exported for one, if it then
 * computes the same.
 * @throws PathError, FormatError
 */
export async function openOnnxModel(file: string, options: EngineOptions): Promise<OnnxModel> {
  const bytes = readForeign(file);
  const open = async (content: Uint8Array): Promise<OnnxModel> =>
    embedderOf(await openForeign(file, content, inferenceOptions(options)), file);
  const given = await open(bytes);
  const openAlike = async (
    rewrite: () => Uint8Array,
    model: OnnxModel,
    tolerance: number,
  ): Promise<OnnxModel | undefined> => {
    const opened = await attempt(() => open(rewrite()));
    if (!opened || (await agree(model, opened, tolerance))) return opened;
    await opened.dispose();
    return undefined;
  };
  const { slim, split } = computedForm(file, bytes);
  const forms = [
    { inPieces: () => freeBatch(split), plain: () => freeBatch(slim) },
    { inPieces: () => split, plain: () => slim },
    { inPieces: () => freeBatch(bytes) },
  ];
  for (const { inPieces, plain } of forms) {
    const faster = await openAlike(inPieces, given, ROUNDING);
    if (!faster) continue;
    await given.dispose();
    const other = plain && slim !== split ? await openAlike(plain, faster, 0) : undefined;
    return other ? quickerOf(faster, other) : faster;
  }
  return given;
}

/** Largest difference between two ways to compute the same, as a share of the largest number. */
const ROUNDING = 1e-4;

/** What a rewritten model is good for is found by trying it. */
async function attempt<R>(work: () => Promise<R>): Promise<R | undefined> {
  try {
    return await work();
  } catch {
    return undefined;
  }
}

/** Images alike for every model and time. */
function waves({ inputShape, takesBytes }: OnnxModel, count: number): Float32Array {
  const wave = (i: number): number => Math.sin(i * 0.37) * ((i % 7) / 7);
  return Float32Array.from({ length: count * sizeOf(inputShape) }, (_, i) =>
    takesBytes ? 127.5 * (1 + wave(i)) : wave(i),
  );
}

/** Whether two images, together if it can, come out of `changed` as each alone of `given`, up to `tolerance`. */
async function agree(given: OnnxModel, changed: OnnxModel, tolerance: number): Promise<boolean> {
  const size = sizeOf(given.inputShape);
  const images = waves(given, 2);
  const oneByOne = async (model: OnnxModel): Promise<number[]> => [
    ...(await model.run(images.slice(0, size))),
    ...(await model.run(images.slice(size))),
  ];
  const expected = await oneByOne(given);
  const actual = await attempt(async () => (changed.batch > 1 ? [...(await changed.run(images))] : oneByOne(changed)));
  const scale = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return actual?.length === expected.length && actual.every((v, i) => Math.abs(v - expected[i]) <= tolerance * scale);
}

/** Images that are timed at once, rounds at most, and for how long one goes on. */
const TIMED = { images: 4, rounds: 5, milliseconds: 500 };
/** By how much the second of two has to be quicker to be taken: less may be chance. */
const CLEARLY = 0.9;

/**
 * The quicker of two models that give the same bits, timed here and now: which form of an operator is quicker depends on
 * the processor. The first, unless the second is clearly quicker; the other is closed.
 */
export async function quickerOf(first: OnnxModel, second: OnnxModel): Promise<OnnxModel> {
  const models = [first, second];
  const images = waves(first, Math.min(TIMED.images, first.batch, second.batch));
  const best = [Infinity, Infinity];
  for (let round = 0, spent = 0; round < TIMED.rounds && spent < TIMED.milliseconds; round++)
    for (const [i, model] of models.entries()) {
      const start = performance.now();
      await model.run(images);
      const time = performance.now() - start;
      best[i] = Math.min(best[i], time);
      spent += time;
    }
  const [kept, other] = best[1] < CLEARLY * best[0] ? [second, first] : [first, second];
  await other.dispose();
  return kept;
}
