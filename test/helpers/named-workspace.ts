import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import * as tf from '#tfjs';
import { randomOf } from '../../src/core/random.js';
import { writeOnnx } from '../../src/engine/onnx/onnx-writer.js';
import { traceProgram } from '../../src/engine/trace/trace-program.js';
import { facesieve } from './cli.js';
import { tinyCrawl } from './tiny-crawl.js';

/** Portraits of somebody whose name is not in the crawl lie under C; some of A lie under a name of their own. */
export const guests = Object.fromEntries([8, 9, 10, 11, 12, 13].map((take) => [`C/${take}.jpg`, 'guest']));
const again = Object.fromEntries(Array.from({ length: 14 }, (_, take) => [`J/${take}.jpg`, 'A']));

/** A frozen model that tells portraits apart: a random projection of their pixels. */
export function writeProjection(file: string, size = 16, dimensions = 32): string {
  const random = randomOf('projection');
  const weights = Float32Array.from({ length: 3 * size * size * dimensions }, () => random.normal() / size);
  const { graph } = traceProgram(
    {
      inputs: { input: { shape: [1, 3, size, size], dtype: 'float32' } },
      state: { weights: { shape: [3 * size * size, dimensions], dtype: 'float32' } },
      body: ({ input }, state) => ({
        outputs: { output: tf.matMul(tf.reshape(input, [1, -1]), state.weights as tf.Tensor2D) },
      }),
    },
    { block: 0, constants: { weights } },
  );
  writeFileSync(file, writeOnnx(graph));
  return file;
}

/**
 * A crawl of ten names in which C is two people and J is A again, trained and embedded by the real program under `folder`.
 * @param more other portraits: path -> whose
 */
export async function namedWorkspace(
  folder: string,
  more: Record<string, string> = {},
  ingestFlags: readonly string[] = [],
): Promise<string> {
  const crawl = join(folder, 'crawl');
  const workspace = join(folder, 'workspace');
  const w = ['-w', workspace];
  await tinyCrawl(crawl, 10, 14, { ...guests, ...again, ...more });
  const pixels = ['--pixel-channels', 'rgb', '--pixel-mean', '127', '--pixel-scale', '128'];
  const still = join(folder, 'still.json');
  writeFileSync(still, '{"learningRate": 1e-12, "epochs": 1, "batchSize": 8, "embeddingSize": 32}'); // the projection stays the model's own
  const network = ['--backbone', writeProjection(join(folder, 'model.onnx')), ...pixels, '--config', still];
  facesieve('ingest', crawl, ...w, '--align', 'none', '--size', '16', ...ingestFlags);
  const trained = facesieve('train', ...w, ...network);
  expect(trained.stderr, trained.stderr).not.toContain('Error');
  facesieve('embed', ...w);
  return workspace;
}
