import {
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { pack } from 'tar-stream';
import { beforeAll, describe, expect, it } from 'vitest';
import type { RawLayer } from '../../src/core/resolve-config.js';
import { embed } from '../../src/pipeline/embed.js';
import { ingest } from '../../src/pipeline/ingest.js';
import { sift } from '../../src/pipeline/sift.js';
import { train } from '../../src/pipeline/train.js';
import { NotYetError, PartError, PlanError } from '../../src/shards/errors.js';
import { partFile } from '../../src/shards/plan.js';
import { shareOf } from '../../src/shards/steps/embed.js';
import { openWorkspace } from '../../src/workspace/workspace.js';
import { contextFrom } from '../helpers/context.js';
import { writeProjection } from '../helpers/named-workspace.js';
import { contentOf, planned, tasksOf, taskOf } from '../helpers/sharded-work.js';
import { longLivedFolder, tinyCrawl, writeFiles } from '../helpers/tiny-crawl.js';

const folder = longLivedFolder();
const crawl = join(folder, 'crawl');
const pixels = { pixelChannels: 'rgb', pixelMean: 127, pixelScale: 128 };
const frozen: RawLayer = {
  ...{ align: 'none', size: 16, backbone: join(folder, 'model.onnx'), ...pixels, threads: 1 },
  ...{ embeddingSize: 16, epochs: 2, batchSize: 8, learningRate: 0.05 },
};
const fromScratch: RawLayer = {
  ...{ align: 'none', size: 16, backbone: 'plain-4', threads: 1 },
  ...{ embeddingSize: 16, epochs: 2, batchSize: 8, learningRate: 0.05 },
};

/** All stages up to the decisions in one process, as `run` does them. */
async function plain(workspace: string, settings: RawLayer, source = crawl): Promise<Record<string, string>> {
  const opened = openWorkspace(workspace);
  const context = contextFrom(opened, settings);
  await ingest(context, source);
  await train(context);
  await embed(context);
  await sift(context);
  opened.close();
  return contentOf(workspace);
}

let expected: Record<string, string>;
let number = 0;
/** Folders that no other case uses. */
const fresh = (): { exchange: string; workspace: string } => {
  const base = join(folder, `case-${number++}`);
  return { exchange: join(base, 'exchange'), workspace: join(base, 'workspace') };
};

beforeAll(async () => {
  await tinyCrawl(crawl, 5, 9, { 'A/3.jpg': 'E', 'B/5.jpg': 'guest' });
  writeFiles(crawl, { 'C/broken.jpg': 'no image', 'C/notes.txt': 'text', 'D/.hidden.jpg': 'x' });
  writeFileSync(join(crawl, 'E/copy.jpg'), readFileSync(join(crawl, 'A/1.jpg')));
  writeProjection(join(folder, 'model.onnx'));
  expected = await plain(join(folder, 'plain'), frozen);
});

describe('the shards of a crawl', () => {
  it('leave what one process leaves, for any number, in any order, with tasks done twice and parts made again', async () => {
    const cases = fc.record({
      shards: fc.integer({ min: 1, max: 9 }),
      order: fc.array(fc.nat(), { minLength: 9, maxLength: 9 }),
      again: fc.nat(),
      lost: fc.nat(),
    });
    await fc.assert(
      fc.asyncProperty(cases, async ({ shards, order, again, lost }) => {
        const { exchange, workspace } = fresh();
        const plan = await planned(crawl, exchange, shards, frozen);
        for (const step of ['ingest', 'embed']) {
          const tasks = tasksOf(plan, step)
            .map((task, i) => ({ task, key: order[i] }))
            .sort((a, b) => a.key - b.key)
            .map(({ task }) => task);
          for (const task of tasks) await taskOf(exchange, step, task);
          await taskOf(exchange, step, tasks[again % shards], { force: true });
          const part = partFile(exchange, step, lost % shards, shards);
          rmSync(part);
          for (const task of tasks)
            expect((await taskOf(exchange, step, task)).wasDone).toBe(task !== `${lost % shards}/${shards}`);
        }
        await taskOf(exchange, 'merge', '0/1', { workspace });
        expect(contentOf(workspace)).toEqual(expected);
      }),
      {
        numRuns: 4,
        seed: 7,
        examples: [1, 3, 8].map((shards) => [{ shards, order: [8, 3, 5, 1, 0, 7, 2, 6, 4], again: 1, lost: 2 }]),
      },
    );
  });

  it('may be more than there are images', async () => {
    const { exchange, workspace } = fresh();
    const few = await tinyCrawl(join(folder, 'few'), 2, 2);
    const plan = await planned(few, exchange, 6, frozen);
    expect(plan.counts.filter((count) => count === 0).length).toBe(2);
    for (const step of ['ingest', 'embed']) for (const task of tasksOf(plan, step)) await taskOf(exchange, step, task);
    await taskOf(exchange, 'merge', '0/1', { workspace });
    expect(contentOf(workspace)).toEqual(await plain(join(folder, 'plain-few'), frozen, few));
  });

  it.each(['tar', 'tar.gz'])('come out of a .%s, with a second source and a reference set', async (ending) => {
    const { exchange, workspace } = fresh();
    const source = join(folder, `set.${ending}`);
    const archive = pack();
    for (const name of ['A/1.jpg', 'A/2.jpg', 'A/1.jpg', 'B/1.jpg', 'B/4.jpg', 'C/broken.jpg'])
      archive.entry({ name }, readFileSync(join(crawl, name)));
    archive.finalize();
    const bytes = await buffer(archive as unknown as NodeJS.ReadableStream);
    writeFileSync(source, ending === 'tar' ? bytes : gzipSync(bytes));
    const two = await tinyCrawl(join(folder, 'two'), 2, 2);
    const settings = { ...frozen, also: [`more=${two}`], reference: two };
    const plan = await planned(source, exchange, 3, settings);
    for (const step of ['ingest', 'embed']) for (const task of tasksOf(plan, step)) await taskOf(exchange, step, task);
    await taskOf(exchange, 'merge', '0/1', { workspace });
    expect(contentOf(workspace)).toEqual(await plain(join(folder, `plain-${ending}`), settings, source));
  });

  it('come out of a list that names a file twice, which one task cannot know', async () => {
    const { exchange, workspace } = fresh();
    const source = join(folder, 'list.csv');
    const names = ['A/1.jpg', 'A/2.jpg', 'B/1.jpg', 'B/2.jpg', 'B/4.jpg', 'A/1.jpg'];
    writeFileSync(source, ['path,identity', ...names.map((name) => `${name},${name[0]}`)].join('\n'));
    const settings = { ...frozen, root: crawl };
    const plan = await planned(source, exchange, 3, settings);
    for (const step of ['ingest', 'embed']) for (const task of tasksOf(plan, step)) await taskOf(exchange, step, task);
    await taskOf(exchange, 'merge', '0/1', { workspace });
    const expected = await plain(join(folder, 'plain-list'), settings, source);
    expect(contentOf(workspace)).toEqual(expected);
    expect(plan.entries).toBe(names.length);
  });

  it('are embedded from the start of a batch to the end of one', () => {
    for (let shards = 1; shards <= 9; shards++)
      for (const crops of [1, 15, 16, 17, 100, 144, 1000]) {
        const plan = { shards, model: { sha256: '', batch: 16 } };
        const shares = Array.from({ length: shards }, (_, shard) => shareOf(plan, crops, shard));
        expect(shares.map(({ from }) => from % 16)).toEqual(
          shares.map(({ from }) => (from === crops ? crops % 16 : 0)),
        );
        expect(shares.map(({ from }) => from)).toEqual([0, ...shares.slice(0, -1).map(({ to }) => to)]);
        expect(shares.at(-1)!.to).toBe(crops);
      }
  });

  it('are balanced by images', async () => {
    const plan = await planned(crawl, fresh().exchange, 4, frozen);
    expect(plan.images).toBe(5 * 9 + 2);
    expect(plan.entries).toBe(plan.counts.reduce((sum, n) => sum + n, 0));
    expect(Math.max(...plan.counts) - Math.min(...plan.counts)).toBeLessThanOrEqual(1 + (plan.entries - plan.images));
  });

  it('are ingested alone for a network from scratch, which the last step trains', async () => {
    const { exchange, workspace } = fresh();
    const plan = await planned(crawl, exchange, 3, fromScratch);
    expect(plan.steps.map(({ name }) => name)).toEqual(['ingest', 'merge']);
    for (const task of tasksOf(plan, 'ingest')) await taskOf(exchange, 'ingest', task);
    await taskOf(exchange, 'merge', '0/1', { workspace });
    expect(contentOf(workspace)).toEqual(await plain(join(folder, 'plain-scratch'), fromScratch));
  });

  it('leave a workspace in which a merge that is done is not done again, and which one process goes on with', async () => {
    const { exchange, workspace } = fresh();
    const plan = await planned(crawl, exchange, 2, frozen);
    for (const step of ['ingest', 'embed']) for (const task of tasksOf(plan, step)) await taskOf(exchange, step, task);
    for (let i = 0; i < 2; i++) await taskOf(exchange, 'merge', '0/1', { workspace });
    const opened = openWorkspace(workspace);
    const outcome = await sift(contextFrom(opened, frozen));
    opened.close();
    expect(outcome.skipped).toBe(true);
  });
});

describe('a step that reads parts', () => {
  let exchange: string;
  let workspace: string;
  beforeAll(async () => {
    ({ exchange } = fresh());
    const plan = await planned(crawl, exchange, 3, frozen);
    for (const step of ['ingest', 'embed']) for (const task of tasksOf(plan, step)) await taskOf(exchange, step, task);
  });
  /** Into a workspace of its own: one that holds the parts already does not read them again. */
  const merge = (): Promise<unknown> =>
    taskOf(exchange, 'merge', '0/1', { workspace: (workspace = fresh().workspace) });
  const restored = async (step: string): Promise<void> => void (await taskOf(exchange, step, '1/3', { force: true }));

  it.each(['ingest', 'embed'])(
    'refuses by name a part of %s that is cut short, and the task makes it again',
    async (step) => {
      const part = partFile(exchange, step, 1, 3);
      truncateSync(part, statSync(part).size - 1);
      await expect(merge()).rejects.toThrow(new RegExp(`"${step} 1/3" cannot be used: it is cut short`));
      expect((await taskOf(exchange, step, '1/3')).wasDone).toBe(false);
    },
  );

  it.each(['ingest', 'embed'])('refuses by name a part of %s in which a byte was changed', async (step) => {
    const part = partFile(exchange, step, 1, 3);
    const bytes = readFileSync(part);
    bytes[6000] ^= 1;
    writeFileSync(part, bytes);
    await expect(merge()).rejects.toThrow(PartError);
    await expect(merge()).rejects.toThrow(new RegExp(`"${step} 1/3" cannot be used: its section .* is damaged`));
    await restored(step);
  });

  it('says which part is not there yet', async () => {
    rmSync(partFile(exchange, 'embed', 1, 3));
    await expect(merge()).rejects.toThrow(NotYetError);
    await expect(merge()).rejects.toThrow('"embed 1/3" is not there yet');
    rmSync(partFile(exchange, 'ingest', 1, 3));
    await expect(taskOf(exchange, 'embed', '1/3')).rejects.toThrow('"ingest 1/3" is not there yet');
    await restored('ingest');
    await restored('embed');
  });

  it('refuses a part of another plan, and one under the name of another', async () => {
    const { exchange: other } = fresh();
    await planned(crawl, other, 3, { ...frozen, seed: 9 });
    await taskOf(other, 'ingest', '1/3');
    writeFileSync(partFile(exchange, 'ingest', 1, 3), readFileSync(partFile(other, 'ingest', 1, 3)));
    await expect(merge()).rejects.toThrow('"ingest 1/3" cannot be used: it belongs to another plan');
    writeFileSync(partFile(exchange, 'ingest', 1, 3), readFileSync(partFile(exchange, 'ingest', 2, 3)));
    await expect(merge()).rejects.toThrow('"ingest 1/3" cannot be used: it is the part "ingest 2/3"');
    await restored('ingest');
    await merge();
    expect(contentOf(workspace)).toEqual(expected);
  });

  it('leaves nothing half written beside the parts', () => {
    const names = ['ingest', 'embed', 'list'].flatMap((step) => readdirSync(join(exchange, step)));
    expect(names.filter((name) => !name.endsWith('.part'))).toEqual([]);
  });
});

describe('a source that changed since the plan', () => {
  it('is refused where a file is another one, and waited for where it is not there', async () => {
    const { exchange } = fresh();
    const changing = join(folder, 'changing');
    await tinyCrawl(changing, 2, 3);
    await planned(changing, exchange, 1, frozen);
    const file = join(changing, 'A/1.jpg');
    const { atime, mtime } = statSync(file);
    utimesSync(file, atime, new Date(mtime.getTime() + 5000));
    await expect(taskOf(exchange, 'ingest', '0/1')).rejects.toThrow(PlanError);
    rmSync(file);
    await expect(taskOf(exchange, 'ingest', '0/1')).rejects.toThrow(NotYetError);
    expect(existsSync(partFile(exchange, 'ingest', 0, 1))).toBe(false);
  });
});

describe('a task that is interrupted', () => {
  it('goes on in its scratch folder', async () => {
    const { exchange } = fresh();
    const scratch = join(exchange, '../scratch');
    await planned(crawl, exchange, 1, frozen);
    const signal = AbortSignal.abort();
    await expect(taskOf(exchange, 'ingest', '0/1', { scratch, signal })).rejects.toThrow('interrupted');
    expect(readdirSync(scratch).length).toBe(1);
    await taskOf(exchange, 'ingest', '0/1', { scratch });
    expect(readdirSync(scratch)).toEqual([]);
  });
});
