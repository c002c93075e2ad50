import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commandAgain } from '../../src/cli/next-steps.js';
import { gatherMetrics } from '../../src/gate/gather-metrics.js';
import { ingest } from '../../src/pipeline/ingest.js';
import { RUN_COMMAND, statusOf } from '../../src/pipeline/status.js';
import { readSiftInputs } from '../../src/pipeline/sift-inputs.js';
import { train } from '../../src/pipeline/train.js';
import { readDataset } from '../../src/workspace/dataset.js';
import { forgetResults } from '../../src/workspace/stage.js';
import { writeFact } from '../../src/workspace/workspace.js';
import { contextOf } from '../helpers/context.js';
import { temporaryFolder, tinyCrawl } from '../helpers/tiny-crawl.js';

describe('after an interruption', () => {
  it('status names the run that was interrupted, with its flags', async () => {
    const context = contextOf(join(temporaryFolder(), 'w'));
    await tinyCrawl(join(context.workspace.folder, '../crawl'), 2, 2);
    await ingest(context, join(context.workspace.folder, '../crawl'));
    expect(statusOf(context.workspace).next).toMatch(/^facesieve train/);
    writeFact(context.workspace, RUN_COMMAND, 'facesieve run /crawl --backbone pretrained:mobilefacenet');
    const { next, further } = statusOf(context.workspace, ' -w w');
    expect([next, further]).toEqual(['facesieve run /crawl --backbone pretrained:mobilefacenet -w w', []]);
  });

  it('no stage takes a part of a crawl for all of it', async () => {
    const context = contextOf(join(temporaryFolder(), 'w'));
    await tinyCrawl(join(context.workspace.folder, '../crawl'), 2, 2);
    await ingest(context, join(context.workspace.folder, '../crawl'));
    forgetResults(context.workspace, 'ingest'); // as it is until an ingest is done
    const said = /was interrupted; a part of the images is there/;
    await expect(async () => train(context)).rejects.toThrow(said);
    expect(statusOf(context.workspace).stages[0]).toMatchObject({ name: 'ingest', why: 'it was interrupted' });
    for (const read of [readDataset, readSiftInputs, gatherMetrics])
      expect(() => read(context.workspace)).toThrow(said);
  });
});

describe('a command to be given again', () => {
  it.each([
    [
      ['crawl', '--out', 'clean', '-w', 'ws', '--json'],
      `facesieve run ${process.cwd()}/crawl --out ${process.cwd()}/clean`,
    ],
    [
      ['--workspace=ws', 'crawl', '--backbone', 'my model.onnx'],
      `facesieve run ${process.cwd()}/crawl --backbone 'my model.onnx'`,
    ],
  ])('%j', (argv, again) => expect(commandAgain('facesieve run', argv, ['crawl', 'clean'])).toBe(again));
});
