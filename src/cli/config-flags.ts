import { Errors, Flags } from '@oclif/core';
import type { RawLayer } from '../core/resolve-config.js';
import { settingPlaces } from '../core/setting-places.js';
import { configSchema, defaults, isFrozen } from '../core/config.js';
import { exitCodes } from './exit-codes.js';
import { backbones } from '../model/backbones.js';
import { losses } from '../losses/losses.js';

/** A flag that takes any number; what range makes sense is the config's to say. */
export const numberFlag = Flags.custom<number>({
  parse(text) {
    const value = Number(text);
    if (text.trim() === '' || Number.isNaN(value))
      throw new Errors.CLIError(`Expected a number but received: ${text}`, { exit: exitCodes.usage });
    return Promise.resolve(value);
  },
});

/** A share, [0, 1]. */
export const shareFlag = Flags.custom<number>({
  parse(text) {
    const value = Number(text);
    if (text.trim() === '' || !(value >= 0 && value <= 1))
      throw new Errors.CLIError(`Expected a share between 0 and 1 but received: ${text}`, { exit: exitCodes.usage });
    return Promise.resolve(value);
  },
});

const backboneNames = backbones.map(({ name }) => name);

/** A network's name, or a model from elsewhere. */
const backboneFlag = Flags.custom<string>({
  parse(text) {
    if (!isFrozen(text) && !backboneNames.includes(text))
      throw new Errors.CLIError(
        `Expected --backbone=${text} to be pretrained:NAME, insightface:PACK, a .onnx file, or one of: ${backboneNames.join(', ')}`,
        { exit: exitCodes.usage },
      );
    return Promise.resolve(text);
  },
});

/** Flags that set one setting of the config each; a flag's name is its setting's, in kebab case. */
export const datasetFlags = {
  format: Flags.string({ summary: 'How SOURCE is read.', options: configSchema.shape.ingest.shape.format.options }),
  also: Flags.string({
    summary: 'Another source of the same set: PATH, or NAME=PATH if the same names are other people.',
    multiple: true,
  }),
  root: Flags.string({ summary: "Folder that a list's paths are relative to. [default: the list's own]" }),
  'path-column': Flags.string({ summary: 'Column that names the file, or holds the image.' }),
  'identity-column': Flags.string({ summary: 'Column or key that names the person.' }),
  'identity-depth': Flags.integer({
    summary: 'Which folder below SOURCE names the person, 1 for the first. [default: found from the tree]',
    min: 1,
  }),
  reference: Flags.string({ summary: 'A set that must not overlap with SOURCE, such as a test set; read like it.' }),
  align: Flags.string({
    summary: 'Find and align faces, crop the middle of each image, or use it whole.',
    options: configSchema.shape.ingest.shape.align.options,
  }),
  size: Flags.integer({ summary: `Side of the square crops in pixels. [default: ${defaults.ingest.size}]` }),
};

export const trainingFlags = {
  loss: Flags.string({ summary: 'Loss.', options: losses.map(({ name }) => name) }),
  subcenters: Flags.integer({
    char: 'k',
    summary: `Sub-centres per identity, K. [default: ${defaults.train.subcenters}]`,
  }),
  backbone: backboneFlag({
    summary: `Network: ${backboneNames.join(', ')}; pretrained:NAME, insightface:PACK or a .onnx file, used frozen.`,
  }),
  'pixel-channels': Flags.string({ summary: 'Channel order of the input of a .onnx file.', options: ['rgb', 'bgr'] }),
  'pixel-mean': numberFlag({ summary: 'Mean that a .onnx file expects to be subtracted from each pixel.' }),
  'pixel-scale': numberFlag({
    summary: 'Scale that a .onnx file expects each pixel to be divided by, after the mean.',
  }),
  epochs: Flags.integer({ summary: `Passes over all images. [default: ${defaults.train.epochs}]` }),
  'batch-size': Flags.integer({ summary: `Images per step. [default: ${defaults.train.batchSize}]` }),
  resume: Flags.boolean({
    summary: 'Continue from the checkpoint of an interrupted run.',
    default: true,
    allowNo: true,
  }),
};

export const indexFlags = {
  index: Flags.string({
    summary: 'How the nearest images are found. [default: exact up to 20,000 images, then cells]',
    options: configSchema.shape.index.shape.kind.options,
    aliases: ['kind'],
  }),
};

export const siftFlags = {
  rule: Flags.string({
    summary: 'Rule that separates noise from clean images.',
    options: configSchema.shape.sift.shape.rule.options,
  }),
  angle: numberFlag({
    summary: `Degrees to the dominant sub-centre from which the angle rules drop. [default: ${defaults.sift.angle}]`,
  }),
  'target-precision': numberFlag({
    summary: 'Target precision of the images called noise; sets the threshold on p_noise.',
  }),
  'target-recall': numberFlag({ summary: 'Target recall of the noise; sets the threshold on p_noise.' }),
  overlap: Flags.string({
    summary: 'What happens to images and people of the reference set.',
    options: configSchema.shape.sift.shape.overlap.options,
  }),
  ...indexFlags,
};

export const engineFlags = {
  engine: Flags.string({ summary: 'Engine that computes tensors.', options: configSchema.shape.engine.options }),
  device: Flags.string({ summary: 'Device: cpu, or a provider that `facesieve doctor` lists.' }),
};

/** For commands that ingest. */
export const ownerFlag = {
  'force-source': Flags.boolean({ summary: 'Take over a workspace that belongs to another source; verdicts stay.' }),
};

export const overwriteFlag = {
  overwrite: Flags.boolean({ summary: 'Replace what is at OUT, even if another program wrote it.' }),
};

/** Flags of every command. */
export const computeFlags = {
  seed: Flags.integer({ summary: 'Seed of everything random.', env: 'FACESIEVE_SEED', min: 0, helpGroup: 'GLOBAL' }),
  threads: Flags.integer({ summary: 'Threads to compute on.', env: 'FACESIEVE_THREADS', min: 1, helpGroup: 'GLOBAL' }),
};

export const roundFlags = {
  rounds: Flags.integer({
    summary: `Train and sift at most this many times, each time on the kept images, until no decision changes. [default: ${defaults.rounds}]`,
  }),
};

export const compareFlag = {
  compare: Flags.boolean({
    summary: 'Say whether cleaning helps, on people held out of training. [default: with a frozen model only]',
    description:
      'Three networks are trained for each part of the people (setting evaluate.compareFolds): on the crawl as it was, on the ' +
      'purified set, and on as many images drawn at random. With a frozen model that takes seconds.',
    allowNo: true,
  }),
};

export const purifyFlags = {
  mode: Flags.string({
    summary: 'How files get into the purified set.',
    options: configSchema.shape.purify.shape.mode.options,
  }),
};

export const reportFlags = {
  'gallery-images': Flags.integer({
    summary: `Images in each gallery of the report, 0 for none. [default: ${defaults.report.galleryImages}]`,
    min: 0,
  }),
};

const settingFlags: Record<string, unknown> = {
  ...datasetFlags,
  ...trainingFlags,
  ...siftFlags,
  ...engineFlags,
  ...purifyFlags,
  ...roundFlags,
  ...reportFlags,
  ...computeFlags,
};

/**
 * Those of `flags` that are settings, as a config layer. `definitions` are the command's own: its `--format` may be
 * another than the one of a source.
 */
export function layerOf(flags: Record<string, unknown>, definitions: Record<string, unknown>): RawLayer {
  const layer: RawLayer = {};
  for (const [flag, value] of Object.entries(flags)) {
    const setting = flag.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
    if (settingPlaces.has(setting) && definitions[flag] === settingFlags[flag]) layer[setting] = value;
  }
  return layer;
}
