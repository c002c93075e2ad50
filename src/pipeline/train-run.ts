import type { TrainResult } from '../workspace/results.js';
import { EmptyInputError } from '../core/errors.js';
import { checkpointFileOf } from '../workspace/runs.js';
import type { StageContext } from '../workspace/stage.js';
import { type TrainingSet, TrainingSession } from '../training/training-session.js';

/**
 * Trains run `run` from its checkpoint, or from the start, to the last epoch. An interrupted and resumed run ends with
 * the same weights as an uninterrupted one: a batch depends only on seed, epoch and step.
 * @throws InterruptedError after the checkpoint is written, DivergedError, EmptyInputError
 */
export async function trainRun(
  context: StageContext,
  run: string,
  set: TrainingSet,
  resume: boolean,
): Promise<TrainResult> {
  const { config, workspace } = context;
  const people = new Set(set.labels).size;
  if (people < 2)
    throw new EmptyInputError(
      `Training needs images of at least two identities; there ${people === 1 ? 'is one' : 'are none'}.`,
      ['Training needs other people to compare an identity with: add some folders.'],
    );
  const file = checkpointFileOf(workspace, run);
  const session = await TrainingSession.open(context.config, run, file, set, resume);
  try {
    await session.train(context);
  } finally {
    await session.close();
  }
  const { history, seconds } = session.progress;
  const last = history[history.length - 1];
  const steps = config.train.epochs * session.steps;
  return {
    run,
    epochs: config.train.epochs,
    steps,
    loss: last.loss,
    imagesPerSecond: (steps * config.train.batchSize) / Math.max(seconds, 1e-9),
    meanAngleDegrees: last.meanAngleDegrees,
    checkpoint: file,
    ...(session.relabels && { relabelled: last.relabelled }),
  };
}
