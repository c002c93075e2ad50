import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { InterruptedError } from '../../../src/core/errors.js';
import { ingest } from '../../../src/pipeline/ingest.js';
import { readDataset } from '../../../src/workspace/dataset.js';
import { allImages } from '../../../src/workspace/images.js';
import { contextOf } from '../../helpers/context.js';
import { portrait, temporaryFolder, writeFiles } from '../../helpers/tiny-crawl.js';

/** 150 images: more than are committed at once. */
async function crawlOf150(): Promise<string> {
  const folder = temporaryFolder();
  const one = await portrait('A', 1);
  const names = Array.from({ length: 150 }, (_, i) => `${'ABC'[i % 3]}/${String(i).padStart(3, '0')}.jpg`);
  writeFiles(folder, Object.fromEntries(names.map((name, i) => [name, i % 40 === 7 ? 'broken' : one])));
  return folder;
}

describe('an interrupted ingest', () => {
  it('goes on where it stopped and ends with the same rows and the same crop file', async () => {
    const crawl = await crawlOf150();
    const whole = contextOf(temporaryFolder());
    const { result } = await ingest(whole, crawl);

    const folder = temporaryFolder();
    const abort = new AbortController();
    const context = contextOf(folder, {}, abort.signal);
    context.progress = { note: () => undefined, update: () => abort.abort() };
    await expect(ingest(context, crawl)).rejects.toThrow(InterruptedError);
    expect(allImages(context.workspace)).toHaveLength(128);
    context.workspace.close();

    const resumed = contextOf(folder);
    expect((await ingest(resumed, crawl)).result).toEqual(result);
    expect(allImages(resumed.workspace)).toEqual(allImages(whole.workspace));
    const crops = (context: typeof whole): Buffer => readFileSync(join(context.workspace.folder, 'crops', 'crops.u8'));
    expect(crops(resumed).equals(crops(whole))).toBe(true);
  });

  it('starts anew when the source has changed', async () => {
    const crawl = await crawlOf150();
    const context = contextOf(temporaryFolder());
    await ingest(context, crawl);
    const before = readDataset(context.workspace).fingerprint;
    writeFiles(crawl, { 'D/new.jpg': await portrait('D', 1) });
    const { result, skipped } = await ingest(context, crawl);
    expect(skipped).toBe(false);
    expect(result.identities).toBe(4);
    expect(readDataset(context.workspace).fingerprint).not.toBe(before);
  });
});
