import { fingerprint } from '../core/fingerprint.js';
import { keptImages, readPurifiedList } from '../store/purified-list.js';
import { findRun } from '../store/runs.js';
import type { StageContext, StageOutcome } from '../store/stages.js';
import { trainOnce } from './train.js';
import type { TrainResult } from './train-run.js';

/**
 * Trains on what the last sift left, for another round of it. All identities keep their classes, so the next sift finds
 * its sub-centres; K follows from their size as it did on the crawl.
 */
export function trainAgain(context: StageContext, resume = true): Promise<StageOutcome<TrainResult>> {
  const { workspace } = context;
  const list = readPurifiedList(workspace);
  const { dataset, siftRun } = list;
  const labelOf = new Map(dataset.identities.map((identity, label) => [identity, label]));
  const kept = keptImages(list).filter(({ finalIdentity }) => labelOf.has(finalIdentity)); // a person may have typed a new name
  const set = {
    cropFile: dataset.cropFile,
    slots: Int32Array.from(kept, ({ image }) => image.slot),
    labels: Int32Array.from(kept, ({ finalIdentity }) => labelOf.get(finalIdentity)!),
    identities: dataset.identities,
  };
  const inputs = {
    sift: siftRun,
    dataset: dataset.fingerprint,
    list: fingerprint(kept.map(({ path, finalIdentity }) => [path, finalIdentity])),
  };
  return trainOnce(context, 'train', dataset, set, findRun(workspace, siftRun)!.parent, inputs, resume);
}
