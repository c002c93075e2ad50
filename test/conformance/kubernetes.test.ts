import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { writeSchedule } from '../../src/shards/schedulers.js';
import { writeProjection } from '../helpers/named-workspace.js';
import { planned } from '../helpers/sharded-work.js';
import { longLivedFolder, tinyCrawl } from '../helpers/tiny-crawl.js';

const folder = longLivedFolder();
/** The program kubernetes-validate, of the Python package of that name. */
const validate = process.env.FACESIEVE_KUBERNETES_VALIDATE;
let files: string[];

beforeAll(async () => {
  const source = await tinyCrawl(join(folder, 'crawl'), 2, 2);
  const backbone = writeProjection(join(folder, 'model.onnx'));
  const exchange = join(folder, "the exchange's folder");
  const plan = await planned(source, exchange, 20, { align: 'none', size: 16, backbone, threads: 3 });
  files = writeSchedule('kubernetes', plan, exchange, undefined);
});

describe('the manifests for Kubernetes', () => {
  it('are one Indexed Job a step, in the order of the plan', () => {
    expect(files.map((file) => basename(file))).toEqual(['1-ingest.yaml', '2-embed.yaml', '3-merge.yaml']);
    const specs = files.map((file) => parse(readFileSync(file, 'utf8')).spec);
    expect(specs.map(({ completions, parallelism }) => [completions, parallelism])).toEqual([
      [20, 16],
      [20, 16],
      [1, 1],
    ]);
    for (const { completionMode, podFailurePolicy } of specs) {
      expect(completionMode).toBe('Indexed');
      expect(podFailurePolicy.rules[0]).toMatchObject({ action: 'FailIndex', onExitCodes: { values: [64] } });
    }
    const [container] = specs[0].template.spec.containers;
    expect(container.command[2]).toContain('shard run ingest "$JOB_COMPLETION_INDEX/20" --exchange "$EXCHANGE"');
    expect(container.resources.requests.cpu).toBe('3');
    expect(container.env).toEqual([{ name: 'EXCHANGE', value: join(folder, "the exchange's folder") }]);
  });

  it.skipIf(!validate)('are valid by the schemas of Kubernetes, strictly, and a wrong one is not', () => {
    const ended = (file: string) => spawnSync(validate!, ['--strict', file], { encoding: 'utf8' });
    for (const file of files) expect(ended(file).status, ended(file).stdout + ended(file).stderr).toBe(0);
    const wrong = join(folder, 'wrong.yaml');
    writeFileSync(wrong, readFileSync(files[0], 'utf8').replace('restartPolicy: Never', 'restartPolicy: 3'));
    expect(ended(wrong).status).not.toBe(0);
  });
});
