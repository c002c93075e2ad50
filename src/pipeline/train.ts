import { counted } from '../core/progress.js';
import { type Config, isFrozen } from '../core/config.js';
import { throwIfInterrupted } from '../core/interrupt.js';
import { cropSupply } from '../images/crop-file.js';
import { type Features, featuresOf } from '../model/frozen/features.js';
import { packNotice } from '../model/frozen/insightface/find-pack.js';
import { featuresName, type FrozenModel, frozenModel } from '../model/frozen/frozen-model.js';
import { featureFileOf } from '../workspace/embedding-file.js';
import { checkedCropFile } from '../workspace/check-crops.js';
import type { Dataset } from '../core/face-set.js';
import { readDataset } from '../workspace/dataset.js';
import { recordRun } from '../workspace/runs.js';
import { stageSettings } from './stage-settings.js';
import { sayOnce, doOnce, type StageContext, type StageOutcome } from '../workspace/stage.js';
import { attributesOf } from '../formats/attributes.js';
import { openLoss } from '../losses/loss-settings.js';
import { lossNamed } from '../losses/losses.js';
import { attributesName } from '../training/attributes.js';
import { resolveLossConfig } from '../training/resolve-loss.js';
import type { TrainResult } from '../workspace/results.js';
import { plantWrongLabels } from '../training/planted-labels.js';
import { trainRun } from './train-run.js';
import type { TrainingSet } from '../training/training-session.js';

/**
 * Trains on the crawl as it is. From scratch, some images are trained under a wrong name on purpose: what becomes of them
 * shows sift how noise scores. A frozen model learns no labels, so nothing is planted for it.
 */
export function train(context: StageContext, resume = true): Promise<StageOutcome<TrainResult>> {
  const { workspace, config } = context;
  const dataset = readDataset(workspace);
  const planted = isFrozen(config.model.backbone) ? 0 : config.train.planted;
  const set = {
    cropFile: dataset.cropFile,
    slots: Int32Array.from(dataset.images, ({ slot }) => slot),
    labels: plantWrongLabels(dataset.labels, planted, config.seed),
    identities: dataset.identities,
  };
  const inputs = { dataset: dataset.fingerprint, ...(planted > 0 && { planted }) };
  return trainOnce(context, 'train', dataset, set, null, inputs, resume);
}

/** Trains `set` unless that was done. The crop size is the dataset's, whatever the config says today. */
export function trainOnce(
  context: StageContext,
  stage: 'train' | 'retrain',
  dataset: Dataset,
  set: TrainingSet,
  parent: string | null,
  inputs: object,
  resume: boolean,
): Promise<StageOutcome<TrainResult>> {
  const config = resolveLossConfig(withSize(context.config, dataset.size), set.labels);
  sayOnce(context, packNotice(config.model.backbone));
  const frozen = isFrozen(config.model.backbone) ? frozenModel(config) : undefined;
  const model = frozen && { sha256: frozen.sha256, preprocessing: frozen.preprocessing };
  const attributes = attributesFor(config, dataset, set.slots);
  const settings = stageSettings('train', config);
  const named = { ...inputs, model, settings, attributes: attributes && attributesName(attributes) };
  return doOnce(context, stage, named, async (run) => {
    recordRun(context.workspace, { id: run, stage, parent, config, inputs: { ...inputs, model, settings } });
    checkedCropFile(context.workspace);
    const features = frozen && (await frozenFeatures({ ...context, config }, frozen, dataset));
    return trainRun({ ...context, config }, run, { ...set, features, attributes }, resume && !context.force);
  });
}

/** What the loss's file of attributes says of the images in `slots`; undefined for losses without one. */
export function attributesFor({ train }: Config, dataset: Dataset, slots: Int32Array): TrainingSet['attributes'] {
  const { attributesFile } = openLoss(lossNamed(train.loss), train.lossSettings);
  return attributesFile === undefined ? undefined : attributesOf(attributesFile, dataset, slots);
}

/** `config` for crops of the size that the dataset has. */
export const withSize = (config: Config, size: number): Config => ({ ...config, ingest: { ...config.ingest, size } });

/** The features of every crop slot under `model`, made once for a dataset. */
export async function frozenFeatures(context: StageContext, model: FrozenModel, dataset: Dataset): Promise<Features> {
  const { workspace, config, signal, progress } = context;
  const supply = cropSupply(dataset.cropFile, dataset.size, dataset.crops);
  const file = featureFileOf(workspace, featuresName(model, dataset.fingerprint));
  const show = counted(progress, 'features', { what: 'crops', total: supply.count });
  return featuresOf(model, config, supply, file, (done) => {
    show(done);
    throwIfInterrupted(signal);
  }).finally(() => supply.close());
}
