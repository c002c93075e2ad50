import { findRun, type Run } from '../../workspace/runs.js';
import type { CompareResult, EvaluateResult, IngestResult, SiftResult, StageName } from '../../workspace/results.js';
import { asResult, currentKey, finishedWork, type FinishedWork } from '../../workspace/stage.js';
import type { Workspace } from '../../workspace/workspace.js';

/** The work that a sift run stands on, and what was built on it. */
export interface Lineage {
  sift: Run;
  train: Run | undefined;
  retrain: Run | undefined;
  /** In the order of the pipeline. */
  work: FinishedWork[];
  /** Nothing is known where another version stored them in another form. */
  figures: {
    ingest: Partial<IngestResult>;
    sift: Partial<SiftResult>;
    evaluate: Partial<EvaluateResult>;
    compare: Partial<CompareResult>;
  };
  /** There is an evaluation, but of another sift run. */
  evaluatedAnother: boolean;
}

export function readLineage(workspace: Workspace, sift: Run): Lineage {
  const current = (stage: StageName): string => currentKey(workspace, stage) ?? '';
  const retrain = madeFrom(findRun(workspace, current('retrain')), sift);
  const evaluated = finishedWork(workspace, current('evaluate'));
  const evaluation: Partial<EvaluateResult> = asResult('evaluate', evaluated?.result) ?? {};
  const ofThis = evaluation.of?.sift === sift.id;
  const compared = finishedWork(workspace, current('compare'));
  const comparison: Partial<CompareResult> = asResult('compare', compared?.result) ?? {};
  const ofThisToo = comparison.of?.sift === sift.id;
  const measured = [ofThis && evaluated?.key, ofThisToo && compared?.key];
  const keys = [current('ingest'), sift.parent, sift.id, current('purify'), retrain?.id, ...measured];
  const work = keys.flatMap((key) => (key && finishedWork(workspace, key)) || []);
  const resultOf = (stage: StageName): unknown => work.find((done) => done.stage === stage)?.result;
  return {
    sift,
    train: sift.parent === null ? undefined : findRun(workspace, sift.parent),
    retrain,
    work,
    figures: {
      ingest: asResult('ingest', resultOf('ingest')) ?? {},
      sift: asResult('sift', resultOf('sift')) ?? {},
      evaluate: ofThis ? evaluation : {},
      compare: ofThisToo ? comparison : {},
    },
    evaluatedAnother: evaluated !== undefined && !ofThis,
  };
}

const madeFrom = (run: Run | undefined, sift: Run): Run | undefined =>
  (run?.inputs as { sift?: string } | undefined)?.sift === sift.id ? run : undefined;
