import { groupBy } from '../../core/groups.js';
import { EmptyInputError } from '../../core/errors.js';
import { embeddingsOf } from '../../workspace/embedding-file.js';
import { keptImages, type PurifiedList } from '../../workspace/purified-list.js';
import type { Run } from '../../workspace/runs.js';
import type { StageContext } from '../../workspace/stage.js';
import { candidatesOf, type MeasuredPairs, type MeasuredRun, type RunName } from './measure-pairs.js';
import type { EvaluateResult } from '../../workspace/results.js';
import { identify, splitGallery } from '../../metrics/identification.js';
import { findIdentityOverlap, type IdentityOverlap } from '../../metrics/identity-overlap.js';
import type { PairSet } from '../../metrics/pair-set.js';
import type { Parameters, Score } from '../../metrics/pair-score.js';
import { testPeople } from '../../metrics/test-people.js';
import { verificationOf } from '../../metrics/verification.js';

/** What one network makes of the pairs. */
export interface ScoredRun extends MeasuredRun {
  parameters: Parameters | undefined;
  scores: Float64Array; // (P)
}

/** `figureOf` each run that has one, by the run's name; undefined when the first has none. */
function byRun<T>(
  runs: readonly ScoredRun[],
  figureOf: (run: ScoredRun) => T | null | undefined,
): { before: T; after?: T } | undefined {
  const figures = new Map<RunName, T>();
  for (const run of runs) {
    const figure = figureOf(run);
    if (figure !== null && figure !== undefined) figures.set(run.name, figure);
  }
  const [before, after] = [figures.get('before'), figures.get('after')];
  return before === undefined ? undefined : { before, ...(after !== undefined && { after }) };
}

/** What is known of the pairs themselves: the networks' figures are to be read by it. */
export const describePairs = (
  { images, outside }: MeasuredPairs,
  runs: readonly ScoredRun[],
): EvaluateResult['pairs'] => ({
  from: outside ? 'file' : 'kept images',
  images,
  trainedOn: byRun(runs, ({ trainedOn }) => trainedOn)!,
});

/** null, and a note, when there are no pairs of both kinds. */
export function verifyRuns(
  { config, progress }: StageContext,
  runs: readonly ScoredRun[],
): EvaluateResult['verification'] {
  try {
    const {
      evaluate: { folds },
    } = config;
    return byRun(runs, ({ scores, measures }) => verificationOf(scores, measures.same, measures.qualities, folds))!;
  } catch (error) {
    if (!(error instanceof EmptyInputError)) throw error;
    progress.note(`evaluate: no verification. ${error.message}`);
    return null;
  }
}

/** @param fittedHere whether the parameters come from these very pairs */
export function describeScore(
  { name }: Score,
  runs: readonly ScoredRun[],
  fittedHere: boolean,
): EvaluateResult['score'] {
  const parameters = byRun(runs, (run) => run.parameters);
  return { name, ...(parameters && { parameters, fittedOnThesePairs: fittedHere }) };
}

/** Rank-1 and CMC among the kept images. */
export function identifyRuns(
  { config }: StageContext,
  list: PurifiedList,
  after: Run | undefined,
  { higherIsMoreAlike }: Score,
  runs: readonly ScoredRun[],
): Pick<EvaluateResult, 'identification'> {
  const split = splitGallery(candidatesOf(list, after), config.evaluate.pairs, config.seed);
  const identification = byRun(runs, ({ images, parameters }) =>
    identify(images, split, (cosine, quality) => higherIsMoreAlike(cosine, quality, parameters ?? {})),
  );
  return identification ? { identification } : {};
}

/** People of the pairs who are in the training set, as `run` sees them: in a frozen model's own features where it is one. */
export function overlapOf(
  { workspace }: StageContext,
  list: PurifiedList,
  { run, images }: ScoredRun,
  outside: PairSet,
): IdentityOverlap {
  const { vectors, untouched } = embeddingsOf(workspace, run.id);
  const byIdentity = groupBy(
    keptImages(list),
    ({ finalIdentity }) => finalIdentity,
    ({ image }) => image.slot,
  );
  return findIdentityOverlap({ vectors: untouched ?? vectors, byIdentity }, images.vectors, testPeople(outside));
}
