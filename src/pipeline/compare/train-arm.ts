import type { Dataset } from '../../core/face-set.js';
import { throwIfInterrupted } from '../../core/interrupt.js';
import { CropReader } from '../../images/crop-file.js';
import type { Arm } from '../../metrics/held-out-people.js';
import type { Measurable } from '../../metrics/pair-measures.js';
import { embedCrops } from '../../model/embed-crops.js';
import type { Features } from '../../model/frozen/features.js';
import { TrainingSession } from '../../training/training-session.js';
import type { StageContext } from '../../workspace/stage.js';
import { attributesFor } from '../train.js';

/** A training of the comparison. */
export interface ArmTraining {
  /** What the progress line says. */
  title: string;
  /** Its checkpoint: an interrupted comparison goes on from there. */
  file: string;
  arm: Arm;
  /** Steps of an epoch: those of the arm with most images, for all. */
  steps: number;
  dataset: Dataset;
  /** Of a frozen model, and the file they are stored in. */
  features?: Features;
  featureFile?: string;
}

/**
 * Trains a network on `arm` and embeds the images in `tested` with it.
 * @param context its config is the training's @returns a row for each crop slot that is in `tested`
 */
export async function trainArm(
  context: StageContext,
  { title, file, arm, steps, dataset, features, featureFile }: ArmTraining,
  tested: readonly number[],
): Promise<Measurable> {
  const { config, signal } = context;
  const attributes = attributesFor(config, dataset, arm.slots);
  const set = { cropFile: dataset.cropFile, ...arm, features, attributes, steps };
  const session = await TrainingSession.open(config, title, file, set, !context.force);
  try {
    await session.train(context);
  } finally {
    await session.close();
  }
  const afterBatch = (): void => throwIfInterrupted(signal);
  const network = { config, checkpoint: file };
  const crops = new CropReader(dataset.cropFile, dataset.size);
  const rows = featureFile === undefined ? tested : Array.from({ length: dataset.crops }, (_, slot) => slot);
  const supply = {
    count: rows.length,
    size: dataset.size,
    fill: (i: number, into: Uint8Array, at: number): void => crops.readInto(rows[i], into, at),
  };
  try {
    const { vectors, norms } = await embedCrops(config, network, supply, afterBatch, featureFile);
    return { vectors, norms };
  } finally {
    crops.close();
  }
}
