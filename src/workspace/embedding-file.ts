import { existsSync } from 'node:fs';
import { MissingStageError } from '../core/errors.js';
import { assertFinite, assertFiniteRows, blocksOf, type Matrix } from '../core/vectors.js';
import { readMatrix, readTensors, writeTensors, withoutRows } from '../core/safetensors.js';
import type { Workspace } from './workspace.js';

/** Embeddings of a run: a unit row for each crop, (slots, D), and the length of each before. */
export interface Embeddings {
  vectors: Matrix;
  norms: Float32Array; // (slots)
  /** A frozen model's own features, (slots, F) unit rows, which no label of the set had a say in; absent otherwise. */
  untouched?: Matrix;
  /** Lengths of those before, (slots); absent of files that were written before they were kept. */
  untouchedNorms?: Float32Array;
}

export const embeddingFileOf = (workspace: Workspace, run: string): string =>
  workspace.file('embeddings', `${run}.safetensors`);

/** Features of a frozen model, by their name. */
export const featureFileOf = (workspace: Workspace, name: string): string =>
  workspace.file('embeddings', `features-${name}.safetensors`);

/** @throws FormatError when a number is not finite */
export function writeEmbeddings(file: string, embeddings: Embeddings): void {
  assertAllFinite(embeddings, `The embeddings for "${file}"`);
  const { vectors, norms, untouched, untouchedNorms } = embeddings;
  writeTensors(file, {
    tensors: {
      embeddings: { shape: [vectors.rows, vectors.dimensions], blocks: blocksOf(vectors) },
      norms: { shape: [vectors.rows], data: norms },
      ...(untouched && { untouched: { shape: [untouched.rows, untouched.dimensions], blocks: blocksOf(untouched) } }),
      ...(untouchedNorms && { untouchedNorms: { shape: [untouchedNorms.length], data: untouchedNorms } }),
    },
    metadata: { format: 'facesieve embeddings 1' },
  });
}

/** Embeddings of `run`, in memory that threads share. @throws MissingStageError when it was not embedded with yet, FormatError */
export function embeddingsOf(workspace: Workspace, run: string): Embeddings {
  const file = embeddingFileOf(workspace, run);
  if (!existsSync(file))
    throw new MissingStageError(`The images were not embedded with run ${run} yet.`, [`facesieve embed --run ${run}`]);
  const { norms, untouchedNorms } = readTensors(file, { only: ['norms', 'untouchedNorms'] }).tensors;
  const untouched = readMatrix(file, 'untouched');
  const read = {
    vectors: readMatrix(file, 'embeddings')!,
    norms: norms.data,
    ...(untouched && { untouched }),
    ...(untouchedNorms && { untouchedNorms: untouchedNorms.data }),
  };
  assertAllFinite(read, `"${file}"`);
  return read;
}

function assertAllFinite({ vectors, norms, untouched, untouchedNorms }: Embeddings, what: string): void {
  for (const matrix of [vectors, ...(untouched ? [untouched] : [])]) assertFiniteRows(matrix, what);
  for (const lengths of [norms, ...(untouchedNorms ? [untouchedNorms] : [])]) assertFinite(lengths, what, 1);
}

/** Writes the embeddings or features in `file` without the rows `gone` to `target`, whole or not at all. @throws FormatError */
export function copyEmbeddingsWithout(file: string, target: string, gone: ReadonlySet<number>): void {
  const { tensors, metadata } = readTensors(file);
  const left = Object.entries(tensors).map(([name, tensor]) => [name, withoutRows(tensor, gone)] as const);
  writeTensors(target, { tensors: Object.fromEntries(left), metadata });
}
