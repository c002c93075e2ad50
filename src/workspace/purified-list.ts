import type { EffectiveNames } from '../identities/names/effective-names.js';
import { MissingStageError } from '../core/errors.js';
import type { DecidedImage } from '../core/decided-image.js';
import { countDecisions, type CroppedImage, type DecisionName } from '../core/records.js';
import { type Dataset } from '../core/face-set.js';
import { facesChangedSince } from './chosen-faces.js';
import { readDataset } from './dataset.js';
import { effectiveDecisions } from './effective-decisions.js';
import { effectiveNames, namesSince } from './effective-names.js';
import { chooseRun } from './runs.js';
import type { Workspace } from './workspace.js';

export interface PurifiedList {
  siftRun: string;
  dataset: Dataset;
  images: DecidedImage[]; // by path
  /** What every name becomes by what people said. */
  names: EffectiveNames;
  /** Whether verdicts on names were given or taken back since the sift run. */
  namesChanged: boolean;
  /** Whether one that the sift run knew was taken back: some decisions are then about names that are gone. */
  namesTakenBack: boolean;
  /** Whether faces were chosen, or choices taken back, since the sift run. */
  facesChanged: boolean;
}

/** The decisions of the current sift run, verdicts applied. @throws MissingStageError when nothing was sifted yet */
export function readPurifiedList(workspace: Workspace, runId?: string): PurifiedList {
  const dataset = readDataset(workspace);
  const run = chooseRun(workspace, runId, 'sift');
  const byPath = new Map(dataset.images.map((image) => [image.path, image]));
  const names = effectiveNames(workspace, dataset.images);
  const images = effectiveDecisions(workspace, run, names).flatMap((decision) => {
    const image = byPath.get(decision.path);
    if (!image) return [];
    const face = decision.verdict?.face ?? decision.evidence.face;
    return [{ ...decision, image: { ...image, slot: slotOf(dataset, image, face) } }];
  });
  const { changed: namesChanged, tookBack: namesTakenBack } = namesSince(names, run);
  const facesChanged = facesChangedSince(workspace, run, dataset.images);
  return { siftRun: run.id, dataset, images, names, namesChanged, namesTakenBack, facesChanged };
}

/** Where the crop of the face lies that a person or sift chose. */
const slotOf = ({ faces }: Dataset, image: CroppedImage, face = 0): number => faces.get(image.id)?.[face] ?? image.slot;

/** @throws MissingStageError when decisions are about names that are gone */
export function refuseTakenBackNames({ namesTakenBack }: PurifiedList): void {
  if (!namesTakenBack) return;
  throw new MissingStageError(
    'A verdict on names was taken back after the images were sifted with it: some decisions are about names that are gone.',
    ['facesieve sift'],
  );
}

/** Images by decision, after what people said: the one count that terminal, page, report and datasheet show. */
export const countFinal = (images: readonly Pick<DecidedImage, 'final'>[]): Record<DecisionName, number> =>
  countDecisions(images.map(({ final }) => final));

/** An image that stays, and the identity it ends up under. */
export type KeptImage = DecidedImage & { finalIdentity: string };

export const keptImages = ({ images }: PurifiedList): KeptImage[] =>
  images.filter((image): image is KeptImage => image.finalIdentity !== null);
