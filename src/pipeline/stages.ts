import type { StageName, StageResult } from '../workspace/results.js';
import { stageResults } from '../workspace/results.js';
import type { StageContext, StageOutcome } from '../workspace/stage.js';
import { compare } from './compare.js';
import { embed } from './embed.js';
import { evaluate } from './evaluate.js';
import { ingest } from './ingest.js';
import { type Onto, purify } from './purify.js';
import { report } from './report.js';
import { retrain } from './retrain.js';
import { sift } from './sift.js';
import { train } from './train.js';
import { trainNextRound } from './train-next-round.js';

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
  /** As it was typed, for whoever interrupts it. */
  command?: string;
  /** Whether to say what cleaning is worth; without it, where that costs no training from scratch. */
  compare?: boolean;
}

/**
 * A step of the pipeline: what it is called, the version of its algorithm, the form of what it leaves, and how it runs.
 * Stages meet in the workspace alone and skip what the workspace says is done. The settings that each heeds are in
 * stage-settings.ts.
 */
export interface Stage<N extends StageName = StageName> {
  name: N;
  version: number;
  schema: (typeof stageResults)[N]['schema'];
  /** @param runs ids of the runs that earlier stages of this call made, by stage */
  run(
    context: StageContext,
    input: PipelineInput,
    runs: ReadonlyMap<StageName, string>,
  ): Promise<StageOutcome<StageResult<N>>>;
}

const stage = <N extends StageName>(name: N, run: Stage<N>['run']): Stage<N> => ({ name, ...stageResults[name], run });

const SIFTING = [stage('embed', (context) => embed(context)), stage('sift', (context) => sift(context))];

export const FIRST_ROUND = [
  stage('ingest', (context, { source, forceSource }) => ingest(context, source, { forceSource })),
  stage('train', (context, { resume }) => train(context, resume)),
  ...SIFTING,
];

export const FURTHER_ROUND = [stage('train', (context, { resume }) => trainNextRound(context, resume)), ...SIFTING];

/** Part of a run that asks for it. */
export const COMPARE = stage('compare', (context) => compare(context));

export const AFTER_ROUNDS = [
  stage('purify', (context, { out, onto }) => purify(context, out, { onto })),
  stage('retrain', (context, { resume }) => retrain(context, resume)),
  stage('embed', (context, _, runs) => embed(context, runs.get('retrain'))),
  stage('evaluate', (context, { truth }) => evaluate(context, { truth })),
];

export const LAST = stage('report', (context) => report(context));

/** All stages in order, of a run of one round that compares nothing. */
export const STAGES: readonly Stage[] = [...FIRST_ROUND, ...AFTER_ROUNDS, LAST];
