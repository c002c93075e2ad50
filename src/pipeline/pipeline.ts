import { embed } from './embed.js';
import { evaluate } from './evaluate.js';
import type { EvaluateResult } from './evaluate/result.js';
import { refuseOtherSource } from './ingest/owner.js';
import { ingest, type IngestResult } from './ingest.js';
import { checkTarget, type Onto, purify, type PurifyResult } from './purify.js';
import { compareRounds, type RoundChanges } from './compare-rounds.js';
import { recount, type RecountResult } from './report.js';
import { sift, type SiftResult } from './sift.js';
import { sourceSettings } from '../formats/dataset/open-sources.js';
import type { StageContext, StageOutcome } from '../workspace/stage.js';
import { retrain } from './retrain.js';
import { trainAgain } from './train-next-round.js';
import { train } from './train.js';

export interface PipelineInput {
  source: string;
  out: string;
  resume: boolean;
  /** What to do with what is at `out`. */
  onto?: Onto;
  /** Take over a workspace that belongs to another source. */
  forceSource?: boolean;
  /** Known truth, when there is some. */
  truth?: string;
}

/** What the stages of a run left, by stage; of a stage that came more than once, the last. */
export interface StageResults {
  ingest: IngestResult;
  sift: SiftResult;
  purify: PurifyResult;
  evaluate: EvaluateResult;
  report: RecountResult;
}

type Stage = (context: StageContext, input: PipelineInput, runs: Map<string, string>) => Promise<StageOutcome<object>>;
type NamedStage = readonly [name: string, stage: Stage];

/** Each meets the others only in the workspace, and skips what the workspace says is done. */
const SIFTING: readonly NamedStage[] = [
  ['embed', (context) => embed(context)],
  ['sift', (context) => sift(context)],
];
const FIRST_ROUND: readonly NamedStage[] = [
  ['ingest', (context, { source, forceSource }) => ingest(context, source, { forceSource })],
  ['train', (context, { resume }) => train(context, resume)],
  ...SIFTING,
];
const FURTHER_ROUND: readonly NamedStage[] = [
  ['train', (context, { resume }) => trainAgain(context, resume)],
  ...SIFTING,
];
const AFTER_ROUNDS: readonly NamedStage[] = [
  ['purify', (context, { out, onto }) => purify(context, out, { onto })],
  ['retrain', (context, { resume }) => retrain(context, resume)],
  ['embed', (context, _, runs) => embed(context, runs.get('retrain'))],
  ['evaluate', (context, { truth }) => evaluate(context, { truth })],
  ['report', (context) => recount(context)],
];

/** All stages in order, of a run of one round. */
export const STAGES: readonly NamedStage[] = [...FIRST_ROUND, ...AFTER_ROUNDS];

export interface PipelineResult {
  stages: { name: string; seconds: number; skipped: boolean }[];
  results: StageResults;
  /** What each round after the first changed. */
  rounds: RoundChanges[];
}

/** Refuses at once what would be refused hours later. @throws PathError, WorkspaceError */
function checkBeforehand({ workspace, config }: StageContext, input: PipelineInput): void {
  refuseOtherSource(workspace, input.source, input.forceSource ?? false);
  const sources = sourceSettings(config, input.source, config.ingest.also);
  checkTarget(workspace, input.out, input.onto ?? 'replace', { sources, reference: config.ingest.reference });
}

/** Runs every stage. Interrupted, it goes on where it stopped when it is called again. */
export async function runPipeline(context: StageContext, input: PipelineInput): Promise<PipelineResult> {
  const stages: PipelineResult['stages'] = [];
  const results: Record<string, object> = {};
  const runs = new Map<string, string>();
  const runAll = async (named: readonly NamedStage[]): Promise<void> => {
    for (const [name, stage] of named) {
      const { result, seconds, skipped } = await stage(context, input, runs);
      if ('run' in result) runs.set(name, String(result.run));
      if (!skipped) context.progress.note(`${name}: done in ${seconds.toFixed(1)} s`);
      stages.push({ name, seconds, skipped });
      results[name] = result;
    }
  };
  checkBeforehand(context, input);
  await runAll(FIRST_ROUND);
  const rounds: RoundChanges[] = [];
  while (rounds.length + 1 < context.config.rounds && rounds.at(-1)?.changed !== 0) {
    const before = runs.get('sift')!;
    await runAll(FURTHER_ROUND);
    rounds.push(compareRounds(context.workspace, rounds.length + 2, before, runs.get('sift')!));
  }
  await runAll(AFTER_ROUNDS);
  return { stages, results: results as unknown as StageResults, rounds };
}
