import { readdirSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { FormatError } from '../../src/core/errors.js';
import { buildCurrentIndex, checkCurrentIndex } from '../../src/pipeline/neighbour-search.js';
import { sift } from '../../src/pipeline/sift.js';
import { contextFrom, contextOf } from '../helpers/context.js';
import { severalFacesWorkspace } from '../helpers/several-faces-workspace.js';
import { longLivedFolder } from '../helpers/tiny-crawl.js';

const IMAGES = 26;
const hnsw = { align: 'auto', index: 'hnsw' } as const;
let workspace: string;

beforeAll(async () => {
  ({ workspace } = await severalFacesWorkspace(longLivedFolder()));
});

it('sift loads what index build saved, also where images have several faces', async () => {
  const context = contextOf(workspace, hnsw);
  const { result } = await buildCurrentIndex(context);
  expect(result).toMatchObject({ kind: 'hnsw', vectors: IMAGES }); // 34 faces
  const folder = join(workspace, 'index');
  for (const name of readdirSync(folder)) if (name.startsWith('graph-')) truncateSync(join(folder, name), 9);
  await expect(sift(context)).rejects.toThrow(FormatError);
  await expect(checkCurrentIndex(context)).rejects.toThrow(FormatError);
  await buildCurrentIndex({ ...context, force: true });
  expect((await sift(context)).result.index.kind).toBe('hnsw');
});

it('index build does again what is done when another index was saved since', async () => {
  const context = contextOf(workspace, hnsw);
  await buildCurrentIndex(context);
  expect((await buildCurrentIndex(context)).skipped).toBe(true);
  await buildCurrentIndex(contextFrom(context.workspace, { ...hnsw, hnswLinks: 7 }));
  expect((await buildCurrentIndex(context)).skipped).toBe(false);
});
