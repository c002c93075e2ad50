/** The library's only public door: the stages, what they are handed, and what they return. */

// What a stage is handed
export { type Config, configSchema, defaults } from './core/config.js';
export { resolveConfig } from './core/resolve-config.js';
export { type Progress, silentProgress } from './core/progress.js';
export { FacesieveError, InterruptedError } from './core/errors.js';
export type { Decision, DecisionName, Evidence, VerdictName } from './core/records.js';
export type { StageContext, StageOutcome } from './workspace/stage.js';
export { lookIntoWorkspace, openWorkspace, type Workspace } from './workspace/workspace.js';

// What is decided, without a workspace: pure functions of matrices, labels, pixels and scores (docs/api.md)
export { detectNoise, type NoiseResult } from './noise/detect-noise.js';
export type { NoiseInput } from './noise/noise-input.js';
export { NoiseOptionError, type NoiseOptions } from './noise/noise-options.js';
export type { RuleName } from './noise/rules.js';
export { findDuplicates, type DuplicateInput, type DuplicateOptions } from './duplicates/find-duplicates.js';
export type { DuplicatePair, NearDuplicates } from './duplicates/near-duplicates.js';
export { proposeIdentities, type IdentityInput, type ProposedIdentities } from './identities/propose.js';
export type { Verification } from './metrics/verification.js';
export { verify, type VerifyInput, type VerifyOptions } from './metrics/verify.js';
export { type Features, FeatureError, type Labels } from './core/labelled-features.js';
export { readFeatures } from './formats/embeddings/read-features.js';
export { readLabels, type StoredLabels } from './formats/embeddings/label-file.js';

// The stages, in order
export { type PipelineResult, runPipeline } from './pipeline/pipeline.js';
export { type PipelineInput, STAGES } from './pipeline/stages.js';
export { type IngestResult } from './workspace/results.js';
export { ingest } from './pipeline/ingest.js';
export { train } from './pipeline/train.js';
export { type EmbedResult } from './workspace/results.js';
export { embed } from './pipeline/embed.js';
export { type SiftResult } from './workspace/results.js';
export { sift } from './pipeline/sift.js';
export { exportDecisions } from './pipeline/export-decisions.js';
export { listProposals } from './review/queries/list-proposals.js';
export type { IdentityProposals, MergeProposal, SplitProposal } from './identities/proposals.js';
export { importDecisions, type ImportResult } from './pipeline/import-decisions.js';
export { type Explanation, explain } from './review/queries/explain.js';
export { type PurifyResult } from './workspace/results.js';
export { purify } from './pipeline/purify.js';
export { type VerifyResult, verifySet } from './purified-set/verify/verify-set.js';
export { retrain } from './pipeline/retrain.js';
export { evaluate } from './pipeline/evaluate.js';
export type { EvaluateResult } from './workspace/results.js';
export { compare } from './pipeline/compare.js';
export type { CompareResult } from './workspace/results.js';
export { fitScore, type FitScoreResult } from './pipeline/fit-score.js';
export { gate, type GateOptions } from './gate/gate.js';
export type { GateResult } from './gate/judge.js';
export { type ReportResult } from './workspace/results.js';
export { report, reportTo, type ReportOptions } from './pipeline/report.js';
export { reportFormatOf } from './report/formats.js';
export type { Report } from './report/report.js';

// Sets with known noise
export { inject, type InjectOptions } from './synthetic/inject/inject.js';
export { makeCrawl } from './synthetic/demo/make-crawl.js';
