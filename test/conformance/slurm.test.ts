import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { partFile } from '../../src/shards/plan.js';
import { facesieve, facesieveJson } from '../helpers/cli.js';
import { hasSlurm } from '../helpers/installed.js';
import { writeProjection } from '../helpers/named-workspace.js';
import { contentOf } from '../helpers/sharded-work.js';
import { processesOf, type SlurmCluster, startSlurm } from '../helpers/slurm-cluster.js';
import { longLivedFolder, tinyCrawl, writeFiles } from '../helpers/tiny-crawl.js';

const SHARDS = 8;
const folder = longLivedFolder();
const at = (name: string): string => join(folder, name);
const exchange = at('exchange');
let slurm: SlurmCluster;

/** Jobs that are not over: number, state, node and reason. */
const queue = (): { job: string; state: string; node: string; reason: string }[] =>
  slurm
    .run('squeue', '-h', '-r', '-o', '%A|%t|%N|%r')
    .trim()
    .split('\n')
    .filter(Boolean)
    .map((line) => line.split('|'))
    .map(([job, state, node, reason]) => ({ job, state, node, reason }));

/** Waits until `found` gives something. */
async function until<T>(what: string, found: () => T | undefined): Promise<T> {
  for (let i = 0; i < 3000; i++) {
    const value = found();
    if (value !== undefined) return value;
    await pause(50);
  }
  throw new Error(`there was no ${what}`);
}

const submit = (): void => {
  const env = {
    ...slurm.environment,
    ...{ COMMON: '--cpus-per-task=1 --mem=500M', LAST: '--mem=500M', PAUSE: '1', SCRATCH: at('scratch') },
  };
  const { status, stderr } = spawnSync('bash', [join(exchange, 'submit.sh')], { encoding: 'utf8', env });
  expect(status, stderr).toBe(0);
};

/** Slurm waits two minutes before it runs what it put back; nobody waits for that here. */
async function finished(): Promise<void> {
  for (let jobs = queue(); jobs.length > 0; jobs = queue()) {
    for (const { job, reason } of jobs)
      if (reason === 'BeginTime') slurm.run('scontrol', 'update', `jobid=${job}`, 'StartTime=now');
    await pause(200);
  }
}

const logs = (): string[] => readdirSync(join(exchange, 'logs')).sort();
const logOf = (name: string): string => readFileSync(join(exchange, 'logs', name), 'utf8');

describe.skipIf(!hasSlurm)('on Slurm (Debian: slurm-wlm and munge, root, FACESIEVE_SLURM=1)', () => {
  beforeAll(async () => {
    const crawl = await tinyCrawl(at('crawl'), 6, 12, { 'A/3.jpg': 'E', 'B/5.jpg': 'guest' });
    writeFiles(crawl, { 'C/broken.jpg': 'no image', 'C/notes.txt': 'text' });
    writeProjection(at('model.onnx'));
    writeFileSync(at('settings.json'), '{"embeddingSize": 16, "epochs": 2, "batchSize": 8, "learningRate": 0.05}');
    const settings = [
      ...['--backbone', at('model.onnx'), '--pixel-channels', 'rgb', '--pixel-mean', '127', '--pixel-scale', '128'],
      ...['--align', 'none', '--size', '16', '--threads', '1', '--config', at('settings.json')],
    ];
    const run = facesieve('run', crawl, ...settings, '-w', at('plain'), '--out', at('set'), '--no-compare');
    expect(run.code, run.stderr).toBe(0);
    const shards = ['--shards', String(SHARDS), '--exchange', exchange, '--for', 'slurm', '-w', at('joined')];
    const plan = facesieve('shard', 'plan', crawl, ...settings, ...shards);
    expect(plan.code, plan.stderr).toBe(0);
    slurm = await startSlurm(at('slurm'), ['node1', 'node2', 'node3', 'node4']);
    await until('idle node', () => (slurm.attempt('sinfo', '-h', '-o', '%D %T').includes('4 idle') ? true : undefined));
  });
  afterAll(() => slurm?.close());

  it('decides as one process does, though a program and a node are killed at work', async () => {
    submit();
    const [program] = await until('program at work', () => {
      const found = processesOf('node\0', `${exchange}\0`, 'ingest\x001/8');
      return found.length > 0 ? found : undefined;
    });
    process.kill(program, 'SIGKILL');
    const { node } = await until('node at work', () =>
      queue().find((job) => job.state === 'R' && processesOf('bin/run.js', `SLURMD_NODENAME=${job.node}`).length > 0),
    );
    slurm.killNode(node);
    await finished();
    expect(facesieveJson('shard', 'status', '--exchange', exchange).json.next).toBeUndefined();
    const [joined, plain] = [contentOf(at('joined')), decidedOf(contentOf(at('plain')))];
    expect(decidedOf(joined)).toEqual(plain);
    expect(logs().map(logOf).join('')).toMatch(/attempt 1 of ingest 1\/8 on \S+ ended with 137/);
    expect(readFileSync(at('slurm/slurmctld.log'), 'utf8')).toMatch(/due to failure of node/);
  });

  it('makes again only what is missing or cut short, when it is submitted again', async () => {
    rmSync(partFile(exchange, 'ingest', 5, SHARDS));
    const part = partFile(exchange, 'embed', 2, SHARDS);
    truncateSync(part, statSync(part).size - 1);
    const before = new Set(logs());
    submit();
    await finished();
    const said = logs()
      .filter((name) => !before.has(name))
      .map(logOf);
    expect(said.filter((text) => /was done/.test(text)).length).toBe(2 * SHARDS - 2);
    expect(said.filter((text) => /(ingest 5|embed 2)\/8: done in/.test(text)).length).toBe(2);
  });
});

/** What `run` made before it purified: it goes on with stages that shards leave to it. */
const decidedOf = (content: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(content).filter(([name]) => !/^(keys|facts)$|\/retrain-/.test(name)));
