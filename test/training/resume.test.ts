import type { RawLayer } from '../../src/core/resolve-config.js';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { InterruptedError } from '../../src/core/errors.js';
import { sha256 } from '../../src/core/fingerprint.js';
import { readTensors } from '../../src/core/safetensors.js';
import { ingest } from '../../src/pipeline/ingest.js';
import { train } from '../../src/pipeline/train.js';
import { contextOf } from '../helpers/context.js';
import { temporaryFolder, tinyCrawl } from '../helpers/tiny-crawl.js';

/** Everything a checkpoint holds but the seconds it took. */
const contentOf = (file: string): string => {
  const { tensors, metadata } = readTensors(file);
  const hashes = Object.entries(tensors).map(([name, { data }]) => [name, sha256(new Uint8Array(data.buffer))]);
  return JSON.stringify([hashes, JSON.stringify(metadata).replace(/seconds\W+[\d.e-]+/, 'seconds')]);
};

const ATTRIBUTES = 'attributes.csv';

/** `settings` with the attributes file, where they name one, written beside the crawl. */
function withAttributes(settings: RawLayer, crawl: string): RawLayer {
  if ((settings.lossSettings as { attributes?: string } | undefined)?.attributes !== ATTRIBUTES) return settings;
  const file = join(crawl, ATTRIBUTES);
  writeFileSync(file, 'path,glasses,beard\nA/0.jpg,1,0\nB/1.jpg,0,\nC/2.jpg,,1\n');
  return { ...settings, lossSettings: { attributes: file } };
}

describe('a run interrupted at any step and resumed', () => {
  it.each([
    ['all classes a step', {}],
    ['a sample of them, with clipping', { classShare: 0.5, clipNorm: 5, batchSize: 4 }],
    [
      'a loss with state, and relabelling',
      { loss: 'gb-cosface', lossSettings: { relabelAfter: 0.3, relabelDegrees: 1 } },
    ],
    ['a loss with a sampler, a neck and attributes', { loss: 'joint', lossSettings: { attributes: ATTRIBUTES } }],
  ])('ends with the same weights, head and momentum as an uninterrupted one: %s', async (_, given) => {
    const crawl = await tinyCrawl(temporaryFolder(), 9, 3);
    const settings = withAttributes(given, crawl);
    const whole = contextOf(temporaryFolder(), settings);
    await ingest(whole, crawl);
    const { result } = await train(whole);

    const folder = temporaryFolder();
    for (const stopAfter of [1, 4, 6]) {
      const abort = new AbortController();
      const context = contextOf(folder, settings, abort.signal);
      let steps = 0;
      context.progress = { note: () => undefined, update: () => void (++steps === stopAfter && abort.abort()) };
      if (stopAfter === 1)
        await ingest({ ...context, signal: new AbortController().signal, progress: whole.progress }, crawl);
      await expect(train(context)).rejects.toThrow(InterruptedError);
      context.workspace.close();
    }
    const resumed = await train(contextOf(folder, settings));
    expect(resumed.result.run).toBe(result.run);
    expect(contentOf(resumed.result.checkpoint)).toBe(contentOf(result.checkpoint));
    expect(resumed.result.loss).toBe(result.loss);
  });

  it('always keeps the head in the checkpoint, (C*K, D)', async () => {
    const crawl = await tinyCrawl(temporaryFolder(), 3, 6);
    const context = contextOf(temporaryFolder(), { epochs: 1, subcenters: 3 });
    await ingest(context, crawl);
    const { result } = await train(context);
    expect(readTensors(result.checkpoint).tensors.head.shape).toEqual([3 * 3, 16]);
    expect(
      readFileSync(join(context.workspace.folder, 'checkpoints', `${result.run}.safetensors`)).length,
    ).toBeGreaterThan(0);
  });
});

describe('training', () => {
  it('refuses a single identity with a clear error', async () => {
    const context = contextOf(temporaryFolder());
    await ingest(context, await tinyCrawl(temporaryFolder(), 1, 4));
    await expect(train(context)).rejects.toThrow(/at least two identities/);
  });

  it('says so when it was done already', async () => {
    const context = contextOf(temporaryFolder(), { epochs: 1 });
    await ingest(context, await tinyCrawl(temporaryFolder(), 2, 6));
    const first = await train(context);
    const second = await train(context);
    expect([first.skipped, second.skipped]).toEqual([false, true]);
    expect(second.result).toEqual(first.result);
  });
});
