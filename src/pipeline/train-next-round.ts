import { fingerprint } from '../core/fingerprint.js';
import {
  type KeptImage,
  keptImages,
  type PurifiedList,
  readPurifiedList,
  refuseTakenBackNames,
} from '../workspace/purified-list.js';
import { findRun } from '../workspace/runs.js';
import type { StageContext, StageOutcome } from '../workspace/stage.js';
import { facesHeeded } from '../workspace/chosen-faces.js';
import { trainOnce } from './train.js';
import type { TrainResult } from '../workspace/results.js';

/** The class of a name: its own, or that of the first name as found that was merged or renamed into it. */
const classNamed = ({ dataset, names }: PurifiedList, name: string): string =>
  dataset.identities.includes(name) ? name : (names.foundUnder(name)[0] ?? name);

/**
 * Trains on what the last sift left, for another round of it. All identities keep their classes, as found, so the next sift finds
 * its sub-centres; K follows from their size as it did on the crawl.
 */
export function trainNextRound(context: StageContext, resume = true): Promise<StageOutcome<TrainResult>> {
  const { workspace } = context;
  const list = readPurifiedList(workspace);
  refuseTakenBackNames(list);
  const { dataset, siftRun } = list;
  const labelOf = new Map(dataset.identities.map((identity, label) => [identity, label]));
  const classOf = (image: KeptImage): number | undefined =>
    labelOf.get(image.final === 'relabel' ? classNamed(list, image.finalIdentity) : image.image.identity);
  const kept = keptImages(list).filter((image) => classOf(image) !== undefined); // a person may have typed a new name
  const set = {
    cropFile: dataset.cropFile,
    slots: Int32Array.from(kept, ({ image }) => image.slot),
    labels: Int32Array.from(kept, (image) => classOf(image)!),
    identities: dataset.identities,
  };
  const inputs = {
    sift: siftRun,
    dataset: dataset.fingerprint,
    list: fingerprint(kept.map((image) => [image.path, dataset.identities[classOf(image)!]])),
    faces: facesHeeded(workspace, dataset.images),
  };
  return trainOnce(context, 'train', dataset, set, findRun(workspace, siftRun)!.parent, inputs, resume);
}
