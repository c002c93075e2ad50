import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { EngineError, FormatError } from '../../src/core/errors.js';
import { randomOf } from '../../src/core/random.js';
import { type Block, type Matrix, unitRows } from '../../src/core/vectors.js';
import { hnswlibState } from '../../src/index/hnswlib-graph.js';
import { buildIndex, indexKinds } from '../../src/index/indexes.js';
import type { GraphKind } from '../../src/index/neighbour-index.js';
import { findSaved, loadSaved, saveIndex, savedIndexProblem } from '../../src/index/saved-index.js';

const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

const settings = { hnswLinks: 4, hnswBuildWidth: 8, hnswSearchWidth: 8 };

function drawn(rows: number, dimensions: number, seed = 0): Block {
  const random = randomOf('saved index', seed);
  return unitRows({ data: Float32Array.from({ length: rows * dimensions }, () => random.normal()), rows, dimensions });
}

/** An index over 400 rows in a folder, and the neighbours that it found before it was saved. */
async function savedIndex(kind: GraphKind) {
  const folder = join(mkdtempSync(join(tmpdir(), 'facesieve-index-')), 'index');
  folders.push(join(folder, '..'));
  const vectors = drawn(400, 16);
  const index = await kind.build(vectors, settings);
  const bytes = await saveIndex(index, folder, kind, vectors, settings);
  const near = await index.nearestFirst(every(vectors), 5);
  await index.close();
  return { folder, vectors, bytes, near };
}

const every = ({ rows }: Matrix): Int32Array => Int32Array.from({ length: rows }, (_, row) => row);

const graphs = [indexKinds.hnsw, ...(hnswlibState().available ? [indexKinds.hnswlib] : [])];

describe.each(graphs)('a saved $name index', (kind) => {
  it('finds the same neighbours when it is loaded, and is not built again', async () => {
    const { folder, vectors, bytes, near } = await savedIndex(kind);
    const saved = findSaved(folder, kind, vectors, settings)!;
    expect(saved.files.reduce((sum, file) => sum + statSync(file).size, 0)).toBe(bytes);
    const index = await loadSaved(saved, vectors, settings);
    expect(await index.nearestFirst(every(vectors), 5)).toEqual(near);
    await index.close();
    const other = drawn(400, 16, 1); // searched in the place of its own vectors, a loaded graph finds other neighbours
    const wrong = await kind.load(other, settings, saved.files);
    const built = await buildIndex(other, { kind: kind.name as 'hnsw', exactUpTo: 1, ...settings });
    expect(await wrong.nearestFirst(every(other), 5)).not.toEqual(await built.nearestFirst(every(other), 5));
    await Promise.all([wrong.close(), built.close()]);
  });

  it('is used only for its own vectors, kind and settings', async () => {
    const { folder, vectors } = await savedIndex(kind);
    const found = (of: Matrix, more: object = {}, by: GraphKind = kind) =>
      findSaved(folder, by, of, { ...settings, ...more }) !== undefined;
    expect(found(vectors)).toBe(true);
    expect(found(vectors, { hnswSearchWidth: 99 })).toBe(true);
    expect(found(vectors, { hnswLinks: 5 })).toBe(false);
    expect(found(vectors, { hnswBuildWidth: 9 })).toBe(false);
    expect(found(vectors, {}, kind === indexKinds.hnsw ? indexKinds.hnswlib : indexKinds.hnsw)).toBe(false);
    expect(found(drawn(400, 16, 1))).toBe(false);
    expect(found({ ...vectors, rows: 800, dimensions: 8 })).toBe(false); // the same bytes
    const changed = { ...vectors, data: vectors.data.slice() };
    changed.data[6399] += 1e-7;
    expect(found(changed)).toBe(false);
    const head = join(folder, 'index.json');
    writeFileSync(head, readFileSync(head, 'utf8').replace('"dimensions":16', '"dimensions":17'));
    expect(found(vectors)).toBe(false);
  });

  it('that is damaged or foreign is an error that says what to do', async () => {
    const { folder, vectors } = await savedIndex(kind);
    const file = join(folder, `graph-1.${kind.name}`);
    const [head, graph] = [readFileSync(join(folder, 'index.json'), 'utf8'), readFileSync(file)];
    const damages: [RegExp, () => void][] = [
      [/another length/, () => truncateSync(file, 1000)],
      [/another length/, () => appendFileSync(file, 'x')],
      [
        /not those that were written/,
        () =>
          writeFileSync(
            file,
            graph.map((byte, i) => (i === 2000 ? byte ^ 1 : byte)),
          ),
      ],
      [/is missing/, () => rmSync(file)],
      [/not JSON/, () => writeFileSync(join(folder, 'index.json'), head.slice(0, 40))],
      [/of this version/, () => writeFileSync(join(folder, 'index.json'), head.replace('index 1', 'index 9'))],
      [/of this version/, () => writeFileSync(join(folder, 'index.json'), head.replace('graph-1.', '../graph-1.'))],
      [/other files/, () => writeFileSync(join(folder, 'index.json'), head.replace('graph-1.', 'graph-7.'))],
    ];
    for (const [problem, damage] of damages) {
      damage();
      const find = () => findSaved(folder, kind, vectors, settings);
      expect(find).toThrow(FormatError);
      expect(find).toThrow(problem);
      expect(savedIndexProblem(folder)).toBeDefined();
      writeFileSync(file, graph);
      writeFileSync(join(folder, 'index.json'), head);
      expect(savedIndexProblem(folder)).toBeUndefined();
    }
  });

  it('with another number of rows is the same error', async () => {
    const fewer = await savedIndex(kind);
    const short = { ...fewer.vectors, data: fewer.vectors.data.slice(0, 16 * 300), rows: 300 };
    const other = { kind, folder: fewer.folder, files: findSaved(fewer.folder, kind, fewer.vectors, settings)!.files };
    await expect(loadSaved(other, short, settings)).rejects.toThrow(/200 rows instead of 150/);
    await expect(loadSaved(other, short, settings)).rejects.toThrow(FormatError);
  });

  it('can be read by its owner alone', async () => {
    const { folder } = await savedIndex(kind);
    expect(statSync(folder).mode & 0o077).toBe(0);
  });
});

describe('an index that needs no saving', () => {
  it('leaves the one that is saved', async () => {
    const { folder, vectors } = await savedIndex(indexKinds.hnsw);
    const exact = await indexKinds.exact.build(vectors, settings);
    expect(await saveIndex(exact, folder, indexKinds.exact, vectors, settings)).toBe(0);
    expect(findSaved(folder, indexKinds.hnsw, vectors, settings)).toBeDefined();
  });
});

describe.skipIf(hnswlibState().available)('without hnswlib-node', () => {
  it('the kind that needs it says how to install it', async () => {
    const build = indexKinds.hnswlib.build(drawn(10, 4), settings);
    await expect(build).rejects.toThrow(EngineError);
    await expect(build).rejects.toThrow(/needs the package hnswlib-node, which is not installed/);
    await build.catch((error: EngineError) => expect(error.suggestions[0]).toMatch(/^npm install hnswlib-node/));
    expect(hnswlibState().detail).toContain('npm install hnswlib-node');
  });
});
