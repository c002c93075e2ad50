/** The library's only public door: the stages, what they are handed, and what they return. */

// What a stage is handed
export { type Config, configSchema, defaults } from './core/config.js';
export { resolveConfig } from './core/resolve-config.js';
export { type Progress, silentProgress } from './core/progress.js';
export { FacesieveError, InterruptedError } from './core/errors.js';
export type { Decision, DecisionName, Evidence, VerdictName } from './core/records.js';
export type { StageContext, StageOutcome } from './store/stages.js';
export { lookIntoWorkspace, openWorkspace, type Workspace } from './store/workspace.js';

// The stages, in order
export { type PipelineInput, type PipelineResult, runPipeline, STAGES } from './pipeline.js';
export { ingest, type IngestResult } from './ingest/ingest.js';
export { train } from './train/train.js';
export { embed, type EmbedResult } from './embed/embed.js';
export { sift, type SiftResult } from './sift/sift.js';
export { exportDecisions } from './review/export-decisions.js';
export { listProposals } from './review/list-proposals.js';
export type { IdentityProposals, MergeProposal, SplitProposal } from './core/identity-proposals.js';
export { importDecisions, type ImportResult } from './review/import-decisions.js';
export { type Explanation, explain } from './review/explain.js';
export { purify, type PurifyResult } from './purify/purify.js';
export { type VerifyResult, verifySet } from './purify/verify/verify-set.js';
export { retrain } from './train/retrain.js';
export { evaluate } from './evaluate/evaluate.js';
export type { EvaluateResult } from './evaluate/evaluation.js';
export { fitScore, type FitScoreResult } from './evaluate/fit-score.js';
export { gate, type GateOptions } from './gate/gate.js';
export type { GateResult } from './gate/judge.js';
export { recount, recountTo, type RecountOptions, type RecountResult } from './recount/recount.js';
export { reportFormatOf } from './report/formats.js';
export type { Report } from './report/report.js';

// Sets with known noise
export { inject, type InjectOptions } from './inject/inject.js';
export { makeCrawl } from './demo/make-crawl.js';
