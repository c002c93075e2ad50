// What further rounds of training and sifting find: from scratch on lfw10a + lfw5a with 10 % strangers and 10 % swapped
// labels, each round's decisions against the truth. Environment: SEEDS=1,2,3 ROUNDS=2. A second call goes on.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { silentProgress } from '../dist/core/errors.js';
import { resolveConfig } from '../dist/core/resolve-config.js';
import { embed } from '../dist/pipeline/embed.js';
import { scoreDetection } from '../dist/pipeline/evaluate/detection.js';
import { ingest } from '../dist/pipeline/ingest.js';
import { compareRounds } from '../dist/pipeline/compare-rounds.js';
import { sift } from '../dist/pipeline/sift.js';
import { readPurifiedList } from '../dist/workspace/purified-list.js';
import { openWorkspace } from '../dist/workspace/workspace.js';
import { train } from '../dist/pipeline/train.js';
import { trainAgain } from '../dist/pipeline/train-next-round.js';
import { bench, data, facesieve, joined, plusMinus } from './cli.js';

const seeds = (process.env.SEEDS ?? '1,2,3').split(',').map(Number);
const rounds = Number(process.env.ROUNDS ?? 2);
const noise = ['--open', '0.1', '--closed', '0.1', '--outsiders', join(data, 'lfw-outsiders')];

async function measureSeed(seed) {
  const crawl = join(bench, `rounds-crawl-${seed}`);
  if (!existsSync(crawl))
    facesieve('inject', joined('lfw10a', 'lfw5a'), crawl, ...noise, '--seed', String(seed), '--quiet');
  const workspace = openWorkspace(join(bench, `rounds-${seed}`));
  const [progress, { signal }] = [silentProgress, new AbortController()];
  const context = { workspace, config: resolveConfig({ seed }), progress, signal, force: false };
  await ingest(context, crawl);
  const rows = [];
  let before;
  for (let round = 1; round <= rounds; round++) {
    const { seconds } = await (round === 1 ? train(context) : trainAgain(context));
    await embed(context);
    const { run } = (await sift(context)).result;
    const found = scoreDetection(readPurifiedList(workspace), join(crawl, 'truth.csv'));
    rows.push({ seed, seconds, ...found, ...(before ? compareRounds(workspace, round, before, run) : { round }) });
    console.error(seed, round, found.f1, found.auroc);
    before = run;
  }
  workspace.close();
  return rows;
}

export async function measure() {
  const rows = [];
  for (const seed of seeds) rows.push(...(await measureSeed(seed)));
  return rows;
}

export function describe(rows) {
  return [
    '| round | P | R | F1 | AUROC | decisions changed | came back | became noise |',
    '|---|---|---|---|---|---|---|---|',
    ...Array.from({ length: rounds }, (_, i) => {
      const all = rows.filter(({ round }) => round === i + 1);
      const of = (key, digits) =>
        plusMinus(
          all.map((row) => row[key]),
          digits,
        );
      const changes = ['changed', 'cameBack', 'newlyNoise'].map((key) => (i === 0 ? '-' : of(key, 0)));
      return `| ${i + 1} | ${['precision', 'recall', 'f1', 'auroc'].map((key) => of(key)).join(' | ')} | ${changes.join(' | ')} |`;
    }),
  ].join('\n');
}
