import { embed } from './embed/embed.js';
import { evaluate } from './evaluate/evaluate.js';
import type { EvaluateResult } from './evaluate/evaluation.js';
import { ingest, type IngestResult } from './ingest/ingest.js';
import { purify, type PurifyResult } from './purify/purify.js';
import { sift, type SiftResult } from './sift/sift.js';
import type { StageContext, StageOutcome } from './store/stages.js';
import { retrain } from './train/retrain.js';
import { train } from './train/train.js';

export interface PipelineInput {
  source: string;
  out: string;
  resume: boolean;
  /** Known truth, when there is some. */
  truth?: string;
}

/** What the stages of a run left, by stage. */
export interface StageResults {
  ingest: IngestResult;
  sift: SiftResult;
  purify: PurifyResult;
  evaluate: EvaluateResult;
}

type Stage = (context: StageContext, input: PipelineInput, runs: Map<string, string>) => Promise<StageOutcome<object>>;

/** All stages in order. Each meets the others only in the workspace, and skips what the workspace says is done. */
export const STAGES: readonly (readonly [name: string, stage: Stage])[] = [
  ['ingest', (context, { source }) => ingest(context, source)],
  ['train', (context, { resume }) => train(context, resume)],
  ['embed', (context) => embed(context)],
  ['sift', (context) => sift(context)],
  ['purify', (context, { out }) => purify(context, out)],
  ['retrain', (context, { resume }) => retrain(context, resume)],
  ['embed', (context, _, runs) => embed(context, runs.get('retrain'))],
  ['evaluate', (context, { truth }) => evaluate(context, { truth })],
];

export interface PipelineResult {
  stages: { name: string; seconds: number; skipped: boolean }[];
  results: StageResults;
}

/** Runs every stage. Interrupted, it goes on where it stopped when it is called again. */
export async function runPipeline(context: StageContext, input: PipelineInput): Promise<PipelineResult> {
  const stages: PipelineResult['stages'] = [];
  const results: Record<string, object> = {};
  const runs = new Map<string, string>();
  for (const [name, stage] of STAGES) {
    const { result, seconds, skipped } = await stage(context, input, runs);
    if ('run' in result) runs.set(name, String(result.run));
    if (!skipped) context.progress.note(`${name}: done in ${seconds.toFixed(1)} s`);
    stages.push({ name, seconds, skipped });
    results[name] = result;
  }
  return { stages, results: results as unknown as StageResults };
}
