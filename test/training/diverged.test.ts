import { expect, it } from 'vitest';
import { DivergedError } from '../../src/core/errors.js';
import { ingest } from '../../src/pipeline/ingest.js';
import { train } from '../../src/pipeline/train.js';
import { contextOf } from '../helpers/context.js';
import { temporaryFolder, tinyCrawl } from '../helpers/tiny-crawl.js';

it('stops at the step where numbers break, with advice, and writes no checkpoint of them', async () => {
  const crawl = await tinyCrawl(temporaryFolder(), 3, 9);
  const context = contextOf(temporaryFolder(), { learningRate: 1e30, learningRateWarmup: 0 });
  await ingest(context, crawl);
  const error = await train(context).then(
    () => undefined,
    (raised: unknown) => raised as DivergedError,
  );
  expect(error).toBeInstanceOf(DivergedError);
  expect(error!.message).toMatch(/diverged: .* at epoch \d+, step \d+/);
  expect(error!.suggestions.join(' ')).toMatch(/learningRate.*No checkpoint had been written yet/s);
});
