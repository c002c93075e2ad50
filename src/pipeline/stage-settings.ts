import type { Config } from '../core/config.js';
import { pickSettings } from '../core/setting-places.js';
import { settingsOf as lossSettingsOf } from '../losses/loss-settings.js';

const index = ['seed', 'index', 'exactUpTo', 'hnswLinks', 'hnswBuildWidth', 'hnswSearchWidth'];

/**
 * Settings that change what a stage computes, by their flat names: they are part of the key of its work. What ingest,
 * embed, purify, evaluate and report heed depends on what they are asked for, and stands where their key is made.
 */
const heeded = {
  index,
  train: [
    ...['seed', 'engine', 'backbone', 'embeddingSize', 'loss', 'subcenters', 'marginWarmup', 'neck', 'clipNorm'],
    ...['dropout', 'classShare', 'interClassCosine', 'epochs', 'batchSize', 'learningRate', 'learningRateWarmup'],
    ...['momentum', 'weightDecay', 'shift', 'light', 'flip'],
  ],
  sift: [
    ...index,
    ...['recallBar', 'neighbours', 'rule', 'angle', 'dropAt', 'reviewAt', 'hardFence', 'overlap'],
    ...['copyCorrelation', 'duplicateBits', 'targetPrecision', 'targetRecall'],
  ],
};

/** Values of the settings that `stage` heeds; of a loss's settings all, those left out by default. */
export const stageSettings = (stage: keyof typeof heeded, config: Config): Record<string, unknown> => ({
  ...pickSettings(config, heeded[stage]),
  ...(stage === 'train' && { lossSettings: lossSettingsOf(config.train) }),
});
