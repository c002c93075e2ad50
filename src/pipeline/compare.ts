import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isFrozen, usualCompareFolds } from '../core/config.js';
import { randomOf } from '../core/random.js';
import { mean } from '../core/statistics.js';
import { type ArmFigures, compareArms } from '../metrics/compare-arms.js';
import { type ArmName, armNames, holdOutPeople, type PeopleFold } from '../metrics/held-out-people.js';
import { identify, splitGallery } from '../metrics/identification.js';
import { makePairs, type PairCandidate } from '../metrics/make-pairs.js';
import { type Measurable, measurePairs } from '../metrics/pair-measures.js';
import { verificationOf } from '../metrics/verification.js';
import { featuresName, frozenModel } from '../model/frozen/frozen-model.js';
import { resolveLossConfig } from '../training/resolve-loss.js';
import { checkedCropFile } from '../workspace/check-crops.js';
import { featureFileOf } from '../workspace/embedding-file.js';
import { type PurifiedList, readPurifiedList, refuseTakenBackNames } from '../workspace/purified-list.js';
import { armTitles, type Comparison, type CompareResult } from '../workspace/results.js';
import { checkpointFileOf, chooseRun, firstRound, type Run } from '../workspace/runs.js';
import type { Workspace } from '../workspace/workspace.js';
import { doOnce, type StageContext, type StageOutcome } from '../workspace/stage.js';
import { cleanedImages } from './compare/cleaned-images.js';
import { trainArm } from './compare/train-arm.js';
import { decisionsFingerprint } from './evaluate/measure-pairs.js';
import { frozenFeatures, withSize } from './train.js';

/**
 * Says what cleaning is worth to a network. People are held out, part by part; on the images of the others three networks
 * are trained with the same settings, steps and seed, and K = 1: on the crawl as it was, on the purified set, and on as many
 * images of the crawl drawn at random. All three are measured on the same pairs of held-out people.
 * @throws MissingStageError when nothing was sifted yet, InterruptedError
 */
export function compare(context: StageContext): Promise<StageOutcome<CompareResult>> {
  const { workspace, config } = context;
  const list = readPurifiedList(workspace);
  refuseTakenBackNames(list);
  const run = firstRound(workspace, chooseRun(workspace, undefined, 'train'));
  const parts =
    config.evaluate.compareFolds ?? usualCompareFolds[isFrozen(run.config.model.backbone) ? 'frozen' : 'scratch'];
  const inputs = {
    ...{ train: run.id, sift: list.siftRun, dataset: list.dataset.fingerprint, decisions: decisionsFingerprint(list) },
    settings: [parts, config.evaluate.pairs, config.evaluate.folds, config.seed],
  };
  return doOnce(context, 'compare', inputs, async (key): Promise<CompareResult> => {
    const of = { sift: list.siftRun, train: run.id };
    const folds = holdOutPeople(cleanedImages(list), parts, config.seed);
    const notCompared = whyNot(list, folds);
    if (notCompared !== undefined) return { of, notCompared, comparison: null };
    return { of, notCompared: null, comparison: await compareFolds(context, list, run, folds, key) };
  });
}

function whyNot({ images }: PurifiedList, folds: readonly PeopleFold[]): string | undefined {
  if (images.every(({ final, finalIdentity, image }) => final !== 'relabel' && finalIdentity === image.identity))
    return 'nothing was removed or relabelled, so there is nothing to compare';
  if (folds.length === 0)
    return 'it takes at least four people with two kept images each, so that some can be held out of training';
  const untested = folds.some(({ test }) => !hasBothKinds(test));
  const untrained = folds.some(({ arms }) => armNames.some((arm) => arms[arm].identities.length < 2));
  return untested || untrained ? 'too few people are left for training or for pairs when some are held out' : undefined;
}

function hasBothKinds(test: readonly PairCandidate[]): boolean {
  const people = new Set(test.map(({ identity }) => identity));
  return people.size > 1 && people.size < test.length;
}

async function compareFolds(
  context: StageContext,
  { dataset }: PurifiedList,
  run: Run,
  folds: readonly PeopleFold[],
  key: string,
): Promise<Comparison> {
  const { workspace } = context;
  checkedCropFile(workspace);
  removeCheckpoints(workspace, key);
  const frozen = isFrozen(run.config.model.backbone) ? frozenModel(run.config) : undefined;
  const trainContext = { ...context, config: trainingConfig(context, run, dataset.size) };
  const features = frozen && (await frozenFeatures(trainContext, frozen, dataset));
  const featureFile = frozen && featureFileOf(workspace, featuresName(frozen, dataset.fingerprint));
  const figures: Record<ArmName, ArmFigures>[] = [];
  const [counts, steps] = [{ pairs: 0, probes: 0 }, [] as number[]];
  for (const [number, { arms, test }] of folds.entries()) {
    const seed = randomOf(context.config.seed, 'compare', number).integer(2 ** 31);
    const config = resolveLossConfig({ ...trainContext.config, seed }, arms.before.labels);
    const epochSteps = Math.ceil(arms.before.slots.length / config.train.batchSize);
    const measure = measurerOf(context, test, features === undefined);
    const ofFold = new Map<ArmName, ArmFigures>();
    for (const arm of armNames) {
      const title = `compare ${number + 1} of ${folds.length}, ${armTitles[arm]}`;
      const file = checkpointFileOf(workspace, `${key}-${number}-${arm}`);
      const training = { title, file, arm: arms[arm], steps: epochSteps, dataset, features, featureFile };
      const slots = test.map(({ index }) => index);
      ofFold.set(arm, measure.figures(await trainArm({ ...trainContext, config }, training, slots)));
    }
    figures.push(Object.fromEntries(ofFold) as Record<ArmName, ArmFigures>);
    counts.pairs += measure.pairs;
    counts.probes += measure.probes;
    steps.push(epochSteps * config.train.epochs);
  }
  removeCheckpoints(workspace); // kept until here: an interrupted comparison goes on from them
  const imagesOf = (arm: ArmName): number => mean(folds.map(({ arms }) => arms[arm].slots.length));
  return {
    ...compareArms(figures),
    ...{ folds: folds.length, people: folds.reduce((sum, { people }) => sum + people, 0) },
    images: { before: imagesOf('before'), after: imagesOf('after') },
    ...counts,
    steps: Math.round(mean(steps)),
  };
}

/** Networks of comparisons are of no use to anybody else. @param but key of the one whose networks stay */
function removeCheckpoints(workspace: Workspace, but?: string): void {
  const folder = workspace.file('checkpoints');
  for (const name of existsSync(folder) ? readdirSync(folder) : [])
    if (name.startsWith('compare-') && !(but !== undefined && name.startsWith(`${but}-`)))
      rmSync(join(folder, name), { force: true });
}

/** The settings that the crawl was trained with, but one centre an identity in every arm, as retraining has. */
function trainingConfig({ config }: StageContext, { config: trained }: Run, size: number): StageContext['config'] {
  const { model, train } = trained;
  return withSize({ ...config, engine: trained.engine, model, train: { ...train, subcenters: 1 } }, size);
}

/** What is made of the embeddings of one arm: the same pairs, gallery and probes for all of a fold. @param packed rows are the tested images alone */
function measurerOf({ config }: StageContext, test: readonly PairCandidate[], packed: boolean) {
  const candidates = packed ? test.map((image, row) => ({ ...image, index: row })) : test;
  const pairs = makePairs(candidates, config.evaluate.pairs, config.seed);
  const split = splitGallery(candidates, config.evaluate.pairs, config.seed);
  const figures = (images: Measurable): ArmFigures => {
    const { cosines, same } = measurePairs(images, pairs);
    const { accuracy, auc, eer } = verificationOf(cosines, same, null, config.evaluate.folds);
    return { accuracy, auc, eer, rank1: identify(images, split, (cosine) => cosine)?.rank1 ?? null };
  };
  return { figures, pairs: pairs.length, probes: split.probes.length };
}
