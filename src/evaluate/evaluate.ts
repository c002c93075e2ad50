import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { EmptyInputError, PathError } from '../core/errors.js';
import { fingerprint, sha256 } from '../core/fingerprint.js';
import { saysNoise } from '../core/records.js';
import { keptImages, type PurifiedList, readPurifiedList } from '../store/purified-list.js';
import { embeddingsOf } from '../store/embedding-file.js';
import { chooseRun, findRun, firstRound, type Run } from '../store/runs.js';
import { currentKey, doOnce, type StageContext, type StageOutcome } from '../store/stages.js';
import { readTruth } from '../truth/truth-file.js';
import { detect, type Detection, detectionSchema } from './detection.js';
import { makePairs, type Pair } from './make-pairs.js';
import { filePairCosines, pairCosines } from './pair-scores.js';
import { readPairs } from './read-pairs.js';
import { type Verification, verificationSchema, verify } from './verification.js';

export const evaluateSchema = z.object({
  /** null when there are too few images for pairs. */
  verification: z.object({ before: verificationSchema, after: verificationSchema.optional() }).nullable(),
  detection: detectionSchema.optional(),
});
export type EvaluateResult = z.infer<typeof evaluateSchema>;

export interface EvaluateInput {
  /** CSV of image pairs; without it, pairs are made of kept images that retraining did not see. */
  pairs?: string;
  /** truth.csv of a set whose noise is known. */
  truth?: string;
}

/** Verification before (trained on the crawl) and after (retrained on the purified set), and detection against truth. */
export function evaluate(context: StageContext, input: EvaluateInput): Promise<StageOutcome<EvaluateResult>> {
  const { workspace, config } = context;
  const list = readPurifiedList(workspace);
  const before = firstRound(workspace, chooseRun(workspace, undefined, 'train'));
  const after = retrainedRun(context, list);
  const inputs = {
    runs: [before.id, after?.id],
    decisions: fingerprint(
      list.images.map(({ path, final, finalIdentity, pNoise }) => [path, final, finalIdentity, pNoise]),
    ),
    files: [input.pairs, input.truth].map((file) => file && contentHash(file)),
    settings: [config.pairs, config.folds, config.seed],
  };
  return doOnce(context, 'evaluate', inputs, async () => {
    const scores = input.pairs
      ? await scoresOfFile(context, input.pairs, list, before, after)
      : scoresOfHeldOut(context, list, before, after);
    const verification = verifyRuns(context, scores);
    return { verification, ...(input.truth && { detection: detectNoise(list, input.truth) }) };
  });
}

/** @throws PathError */
function contentHash(file: string): string {
  if (!existsSync(file))
    throw new PathError(`There is no file "${file}".`, ['Check the path after --pairs or --truth.']);
  return sha256(readFileSync(file));
}

/** The current retrained run, when it was made from these decisions. */
function retrainedRun({ workspace }: StageContext, { siftRun }: PurifiedList): Run | undefined {
  const id = currentKey(workspace, 'retrain');
  const run = id === undefined ? undefined : findRun(workspace, id);
  return (run?.inputs as { sift?: string } | undefined)?.sift === siftRun ? run : undefined;
}

interface PairScores {
  same: boolean[];
  before: Float64Array;
  after?: Float64Array;
}

async function scoresOfFile(
  context: StageContext,
  file: string,
  { dataset }: PurifiedList,
  before: Run,
  after: Run | undefined,
): Promise<PairScores> {
  const pairs = readPairs(file, dataset.source);
  return {
    same: pairs.map(({ same }) => same),
    before: await filePairCosines(context, before, pairs),
    after: after && (await filePairCosines(context, after, pairs)),
  };
}

function scoresOfHeldOut(
  { workspace, config }: StageContext,
  list: PurifiedList,
  before: Run,
  after: Run | undefined,
): PairScores {
  const heldOut = new Set((after?.inputs as { heldOut?: string[] } | undefined)?.heldOut);
  const candidates = keptImages(list).map(({ image, finalIdentity }) => ({
    index: image.slot,
    identity: finalIdentity,
    heldOut: after === undefined || heldOut.has(image.path),
  }));
  const pairs: Pair[] = makePairs(candidates, config.pairs, config.seed);
  return {
    same: pairs.map(({ same }) => same),
    before: pairCosines(embeddingsOf(workspace, before.id).vectors, pairs),
    after: after && pairCosines(embeddingsOf(workspace, after.id).vectors, pairs),
  };
}

function verifyRuns({ config, progress }: StageContext, scores: PairScores): EvaluateResult['verification'] {
  try {
    const verified = (cosines: Float64Array): Verification => verify(cosines, scores.same, config.folds);
    return { before: verified(scores.before), ...(scores.after && { after: verified(scores.after) }) };
  } catch (error) {
    if (!(error instanceof EmptyInputError)) throw error;
    progress.note(`evaluate: no verification. ${error.message}`);
    return null;
  }
}

function detectNoise({ images }: PurifiedList, truth: string): Detection {
  const byPath = new Map(images.map((image) => [image.path, image]));
  const judged = readTruth(truth).flatMap(({ path, noise }) => {
    const image = byPath.get(path);
    return image ? [{ noise, flagged: saysNoise(image.decision), pNoise: image.pNoise }] : [];
  });
  if (judged.length === 0)
    throw new EmptyInputError(`"${truth}" names no image of this workspace.`, [
      'Its paths must be relative to the ingested source.',
    ]);
  return detect(judged);
}
