import { groupBy } from '../core/groups.js';
import type { Dataset } from '../core/face-set.js';
import { type KeptImage, keptImages, readPurifiedList, refuseTakenBackNames } from '../workspace/purified-list.js';
import { facesHeeded } from '../workspace/chosen-faces.js';
import { findRun } from '../workspace/runs.js';
import { fingerprint } from '../core/fingerprint.js';
import { randomOf } from '../core/random.js';
import type { StageContext, StageOutcome } from '../workspace/stage.js';
import { trainOnce } from './train.js';
import type { TrainResult } from '../workspace/results.js';
import type { TrainingSet } from '../training/training-session.js';

/** Identities below this many kept images give none away to the held-out ones. */
const FEWEST_TO_SHARE = 5;

/** Trains one centre an identity (K = 1) on the purified list, a share of which is held out for verification. */
export function retrain(context: StageContext, resume = true): Promise<StageOutcome<TrainResult>> {
  const { workspace, config } = context;
  const list = readPurifiedList(workspace);
  refuseTakenBackNames(list);
  const kept = keptImages(list);
  const heldOut = holdOut(kept, config.train.holdout, config.seed);
  const set = trainingSetOf(
    list.dataset,
    kept.filter(({ path }) => !heldOut.has(path)),
  );
  const inputs = {
    sift: list.siftRun,
    dataset: list.dataset.fingerprint,
    list: fingerprint(kept.map(({ path, finalIdentity }) => [path, finalIdentity])),
    heldOut: [...heldOut],
    faces: facesHeeded(workspace, list.dataset.images),
  };
  const single = { ...context, config: { ...config, train: { ...config.train, subcenters: 1 } } };
  return trainOnce(single, 'retrain', list.dataset, set, findRun(workspace, list.siftRun)!.parent, inputs, resume);
}

/** Paths that retraining does not see: about `share` of the images of each identity that has enough. */
function holdOut(kept: readonly KeptImage[], share: number, seed: number): Set<string> {
  const byIdentity = groupBy(
    kept,
    ({ finalIdentity }) => finalIdentity,
    ({ path }) => path,
  );
  const chosen = [...byIdentity].flatMap(([identity, paths]) => {
    const random = randomOf(seed, 'holdout', identity);
    const count = paths.length < FEWEST_TO_SHARE ? 0 : Math.floor(paths.length * share + random.uniform());
    return random.shuffle([...paths]).slice(0, count);
  });
  return new Set(chosen.sort());
}

function trainingSetOf({ cropFile }: Dataset, kept: readonly KeptImage[]): TrainingSet {
  const identities = [...new Set(kept.map(({ finalIdentity }) => finalIdentity))].sort();
  const labelOf = new Map(identities.map((identity, label) => [identity, label]));
  return {
    cropFile,
    slots: Int32Array.from(kept, ({ image }) => image.slot),
    labels: Int32Array.from(kept, ({ finalIdentity }) => labelOf.get(finalIdentity)!),
    identities,
  };
}
