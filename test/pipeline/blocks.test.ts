import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { blockLimit, blocksOf } from '../../src/core/vectors.js';
import { detectNoise } from '../../src/noise/detect-noise.js';
import { embed } from '../../src/pipeline/embed.js';
import { ingest } from '../../src/pipeline/ingest.js';
import { sift } from '../../src/pipeline/sift.js';
import { train } from '../../src/pipeline/train.js';
import { readDecisions } from '../../src/workspace/decisions.js';
import { embeddingsOf } from '../../src/workspace/embedding-file.js';
import { contextOf } from '../helpers/context.js';
import { labelledFaces } from '../helpers/labelled-faces.js';
import { temporaryFolder, tinyCrawl } from '../helpers/tiny-crawl.js';

const usual = blockLimit.numbers;
afterEach(() => {
  blockLimit.numbers = usual;
});

describe('no array holds all rows', () => {
  const { rows, labels } = labelledFaces();

  it.each(['exact', 'cells', 'hnsw'] as const)(
    'noise is found alike in blocks of seven rows, with the index %s',
    async (kind) => {
      const options = { index: { kind, recallBar: 0 } };
      const whole = await detectNoise({ features: rows, labels }, options);
      blockLimit.numbers = 7 * rows[0].length;
      const blocks = await detectNoise({ features: rows, labels }, options);
      expect(blocks).toEqual(whole);
    },
  );

  it('sift reads embeddings block by block, and decides alike', async () => {
    const place = temporaryFolder();
    const source = await tinyCrawl(join(place, 'crawl'), 8, 8);
    const context = contextOf(join(place, 'w'), { epochs: 2, subcenters: 1 });
    await ingest(context, source);
    const { result } = await train(context);
    await embed(context);
    const whole = await sift(context);
    const decisions = readDecisions(context.workspace, whole.result.run);
    blockLimit.numbers = 5 * 16;
    expect(blocksOf(embeddingsOf(context.workspace, result.run).vectors)).toHaveLength(13);
    const blocks = await sift({ ...context, force: true });
    expect(readDecisions(context.workspace, blocks.result.run)).toEqual(decisions);
  });
});
