import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { PRIVATE_FOLDER, writePrivately } from '../core/atomic-write.js';
import { crc32c, piecesOf } from '../core/checksum.js';
import { EngineError, FormatError, InterruptedError } from '../core/errors.js';
import { fingerprint } from '../core/fingerprint.js';
import { makeFolder } from '../core/make-folder.js';
import { type Matrix, rowOf } from '../core/vectors.js';
import type { GraphKind, IndexKind, IndexSettings, NeighbourIndex } from './neighbour-index.js';

/** What stands beside the files of a saved index. It is written last: without it there is no saved index. */
const HEAD = 'index.json';

const headSchema = z.object({
  format: z.literal('facesieve index 1'),
  kind: z.string(),
  vectors: z.number().int().min(0),
  dimensions: z.number().int().min(1),
  /** Of the vectors and of the settings that a graph is built by. */
  fingerprint: z.string(),
  files: z.array(z.object({ name: z.string().regex(/^graph-\d+\.[a-z]+$/), bytes: z.number(), crc32c: z.number() })),
});
type Head = z.infer<typeof headSchema>;

/** An index that lies in a folder, and whose files are as they were written. */
export interface SavedIndex {
  kind: GraphKind;
  folder: string;
  files: string[]; // whole paths
}

/** Whether indexes of a kind can be saved. */
export const isGraph = (kind: IndexKind): kind is GraphKind => 'load' in kind;

/** Names vectors (N, D) by every bit of them, and what a graph of them is built by. The width of searches is free. */
function fingerprintOf(vectors: Matrix, { hnswLinks, hnswBuildWidth }: IndexSettings): string {
  const hash = createHash('sha256');
  for (let row = 0; row < vectors.rows; row++) hash.update(rowOf(vectors, row));
  return fingerprint({ vectors: hash.digest('hex'), hnswLinks, hnswBuildWidth });
}

/**
 * Saves an index into `folder`, in the place of the one that was saved there before. The files hold the vectors
 * themselves, so they are for their owner alone, and `forget` deletes them.
 *
 * @returns bytes written; 0 where nothing is saved, since searches of this kind need nothing that is slow to build
 */
export async function saveIndex(
  index: NeighbourIndex,
  folder: string,
  kind: IndexKind,
  vectors: Matrix,
  settings: IndexSettings,
): Promise<number> {
  if (!index.save || !isGraph(kind)) return 0;
  rmSync(folder, { recursive: true, force: true });
  makeFolder(folder, PRIVATE_FOLDER);
  const names = kind.files(vectors);
  await index.save(names.map((name) => join(folder, name)));
  const files = names.map((name) => ({ name, ...contentOf(join(folder, name)) }));
  const head: Head = {
    ...{ format: 'facesieve index 1', kind: kind.name, vectors: vectors.rows, dimensions: vectors.dimensions },
    ...{ fingerprint: fingerprintOf(vectors, settings), files },
  };
  writePrivately(join(folder, HEAD), JSON.stringify(head));
  return files.reduce((sum, { bytes }) => sum + bytes, 0);
}

function contentOf(file: string): { bytes: number; crc32c: number } {
  let sum = 0;
  for (const piece of piecesOf(file)) sum = crc32c(piece, sum);
  return { bytes: statSync(file).size, crc32c: sum };
}

/**
 * The index that `folder` holds, if it is one of this kind, these vectors and settings; undefined where none was saved, or
 * another. Its files are compared with their checksums before a library sees them: usearch ends the process on a damaged
 * file, and hnswlib takes one of other dimensions without a word.
 * @throws FormatError if it is damaged
 */
export function findSaved(
  folder: string,
  kind: IndexKind,
  vectors: Matrix,
  settings: IndexSettings,
): SavedIndex | undefined {
  if (!isGraph(kind) || !existsSync(join(folder, HEAD))) return undefined;
  const head = readHead(folder);
  const isOurs = head.kind === kind.name && head.vectors === vectors.rows && head.dimensions === vectors.dimensions;
  if (!isOurs || head.fingerprint !== fingerprintOf(vectors, settings)) return undefined;
  const isWhole = head.files.map(({ name }) => name).join() === kind.files(vectors).join();
  const problem = isWhole ? damageOf(folder, head) : `${HEAD} names other files than an index of this kind has`;
  if (problem) throw damaged(folder, problem);
  return { kind, folder, files: head.files.map(({ name }) => join(folder, name)) };
}

/** @throws FormatError if the library cannot read a file */
export async function loadSaved(
  { kind, folder, files }: SavedIndex,
  vectors: Matrix,
  settings: IndexSettings,
  signal?: AbortSignal,
): Promise<NeighbourIndex> {
  try {
    return await kind.load(vectors, settings, files, signal);
  } catch (error) {
    if (error instanceof EngineError || error instanceof InterruptedError) throw error;
    throw damaged(folder, (error as Error).message);
  }
}

/** What is wrong with the index that `folder` holds; undefined where all is well, or none was saved. */
export function savedIndexProblem(folder: string): string | undefined {
  if (!existsSync(join(folder, HEAD))) return undefined;
  try {
    return damageOf(folder, readHead(folder));
  } catch (error) {
    if (error instanceof FormatError) return error.message;
    throw error;
  }
}

function readHead(folder: string): Head {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(join(folder, HEAD), 'utf8'));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw damaged(folder, `${HEAD} is not JSON`);
  }
  const head = headSchema.safeParse(json);
  if (!head.success) throw damaged(folder, `${HEAD} does not describe an index of this version`);
  return head.data;
}

function damageOf(folder: string, { files }: Head): string | undefined {
  for (const { name, ...written } of files) {
    const file = join(folder, name);
    if (!existsSync(file)) return `${name} is missing`;
    if (statSync(file).size !== written.bytes) return `${name} has another length than was written`;
    if (contentOf(file).crc32c !== written.crc32c) return `the bytes of ${name} are not those that were written`;
  }
  return undefined;
}

const damaged = (folder: string, problem: string): FormatError =>
  new FormatError(`The saved index in "${folder}" cannot be used: ${problem}.`, [
    'facesieve index build --force',
    'Or delete that folder: an index is built again when it is needed.',
  ]);
