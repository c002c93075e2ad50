import type { Config } from '../core/config.js';
import { type Dataset, readDataset } from '../store/dataset.js';
import { recordRun } from '../store/runs.js';
import { doOnce, type StageContext, type StageOutcome } from '../store/stages.js';
import { trainRun, type TrainResult } from './train-run.js';
import type { TrainingSet } from './training-session.js';

/** Settings that change what is learnt; the run's id is made of them and of the images. */
export function trainingSettings(config: Config): Partial<Config> {
  const { seed, engine, backbone, embeddingSize, loss, subcenters, scale, marginDegrees, marginWarmup } = config;
  const { epochs, batchSize, learningRate, learningRateWarmup, momentum, weightDecay, shift, light, flip } = config;
  return {
    ...{ seed, engine, backbone, embeddingSize, loss, subcenters, scale, marginDegrees, marginWarmup },
    ...{ epochs, batchSize, learningRate, learningRateWarmup, momentum, weightDecay, shift, light, flip },
  };
}

/** Trains sub-center ArcFace on the crawl as it is. */
export function train(context: StageContext, resume = true): Promise<StageOutcome<TrainResult>> {
  const dataset = readDataset(context.workspace);
  const set = {
    cropFile: dataset.cropFile,
    slots: Int32Array.from(dataset.images, ({ slot }) => slot),
    labels: dataset.labels,
    identities: dataset.identities,
  };
  return trainOnce(context, 'train', dataset, set, null, { dataset: dataset.fingerprint }, resume);
}

/** Trains `set` unless that was done; the crop size is the dataset's, whatever the config says today. */
export function trainOnce(
  context: StageContext,
  stage: 'train' | 'retrain',
  dataset: Dataset,
  set: TrainingSet,
  parent: string | null,
  inputs: object,
  resume: boolean,
): Promise<StageOutcome<TrainResult>> {
  const config = { ...context.config, size: dataset.size };
  const named = { ...inputs, settings: trainingSettings(config) };
  return doOnce(context, stage, named, (run) => {
    recordRun(context.workspace, { id: run, stage, parent, config, inputs });
    return trainRun({ ...context, config }, run, set, resume && !context.force);
  });
}
