import { refuseOtherSource } from './ingest/owner.js';
import { sourceSettings } from '../formats/dataset/open-sources.js';
import type { CompareResult, RunStageName, StageName, StageResult } from '../workspace/results.js';
import type { StageContext } from '../workspace/stage.js';
import { writeFact } from '../workspace/workspace.js';
import { compareRounds, type RoundChanges } from './compare-rounds.js';
import { checkTarget } from './purify.js';
import { isFrozen } from '../core/config.js';
import { RUN_COMMAND } from './status.js';
import {
  AFTER_ROUNDS,
  COMPARE,
  FIRST_ROUND,
  FURTHER_ROUND,
  LAST,
  type PipelineInput,
  type Stage,
  STAGES,
} from './stages.js';

/** What the stages of a run left, by stage; of a stage that came more than once, the last. */
export type StageResults = { [N in RunStageName]: StageResult<N> } & { compare?: CompareResult };

const isWhole = (results: Partial<StageResults>): results is StageResults =>
  STAGES.every(({ name }) => name in results);

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
  const results: Partial<StageResults> = {};
  const runs = new Map<StageName, string>();
  const runOne = async <N extends StageName>({ name, run }: Stage<N>): Promise<void> => {
    const { result, seconds, skipped } = await run(context, input, runs);
    if ('run' in result) runs.set(name, result.run);
    if (!skipped) context.progress.note(`${name}: done in ${seconds.toFixed(1)} s`);
    stages.push({ name, seconds, skipped });
    Object.assign(results, { [name]: result });
  };
  const runAll = async (all: readonly Stage[]): Promise<void> => {
    for (const one of all) await runOne(one);
  };
  checkBeforehand(context, input);
  if (input.command !== undefined) writeFact(context.workspace, RUN_COMMAND, input.command);
  await runAll(FIRST_ROUND);
  const rounds: RoundChanges[] = [];
  const isJudged = (): boolean => results.sift?.withheld === undefined;
  if (context.config.rounds > 1 && !isJudged())
    context.progress.note('no further round: the network learnt too little in the first to say what to leave out');
  while (isJudged() && rounds.length + 1 < context.config.rounds && rounds.at(-1)?.changed !== 0) {
    const before = runs.get('sift')!;
    await runAll(FURTHER_ROUND);
    rounds.push(compareRounds(context.workspace, rounds.length + 2, before, runs.get('sift')!));
  }
  await runAll(AFTER_ROUNDS);
  if (input.compare ?? isFrozen(context.config.model.backbone)) await runOne(COMPARE);
  await runOne(LAST);
  if (!isWhole(results)) throw new Error('a stage left no result');
  return { stages, results, rounds };
}
