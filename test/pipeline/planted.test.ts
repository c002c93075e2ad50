import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readCheckpoint } from '../../src/model/checkpoint.js';
import { embed } from '../../src/pipeline/embed.js';
import { ingest } from '../../src/pipeline/ingest.js';
import { sift } from '../../src/pipeline/sift.js';
import { train } from '../../src/pipeline/train.js';
import { TRAINED_AS } from '../../src/subcenter/training-margins.js';
import { readDataset } from '../../src/workspace/dataset.js';
import { readDecisions } from '../../src/workspace/decisions.js';
import { contextOf } from '../helpers/context.js';
import { temporaryFolder, tinyCrawl } from '../helpers/tiny-crawl.js';

it('plants wrong labels in training alone: sift and the set know every image by its own', async () => {
  const place = temporaryFolder();
  const source = await tinyCrawl(join(place, 'crawl'), 10, 10);
  const context = contextOf(join(place, 'w'), { planted: 0.2, epochs: 3, subcenters: 1 });
  await ingest(context, source);
  const { result } = await train(context);
  const { labels, images } = readDataset(context.workspace);
  const trainedAs = readCheckpoint(result.checkpoint, [TRAINED_AS]).state[TRAINED_AS];
  const planted = images.filter((_, i) => trainedAs[i] !== labels[i]).map(({ path }) => path);
  expect(planted).toHaveLength(20);

  await embed(context);
  const { result: sifted } = await sift(context);
  const unknown = readDecisions(context.workspace, sifted.run).filter(
    ({ evidence }) => evidence.trainingMargin === null,
  );
  expect(unknown.map(({ path }) => path)).toEqual(planted);
});

it('trains with the labels as they are where nothing is to be planted, as another run', async () => {
  const place = temporaryFolder();
  const source = await tinyCrawl(join(place, 'crawl'), 10, 10);
  const context = contextOf(join(place, 'w'), { planted: 0, epochs: 1, subcenters: 1 });
  await ingest(context, source);
  const { result } = await train(context);
  const { labels } = readDataset(context.workspace);
  expect(Array.from(readCheckpoint(result.checkpoint, [TRAINED_AS]).state[TRAINED_AS])).toEqual(Array.from(labels));
  const { config } = contextOf(join(place, 'other'), { planted: 0.2, epochs: 1, subcenters: 1 });
  const again = await train({ ...context, config });
  expect(again.result.run).not.toBe(result.run);
});
