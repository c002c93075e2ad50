import { availableParallelism } from 'node:os';
import { z } from 'zod';

const share = z.number().min(0).max(1);
const count = z.number().int().min(1);

/** Every setting, by the stage that heeds it, validated; unknown keys are refused. Angles are degrees here and radians inside. */
export const configSchema = z.strictObject({
  seed: z.number().int().min(0),
  threads: count,
  engine: z.enum(['onnx', 'tensorflow']),
  device: z.string().min(1),
  rounds: count,

  ingest: z.strictObject({
    format: z.enum(['auto', 'folder', 'split-tree', 'lst', 'recordio', 'webdataset', 'zip', 'csv', 'jsonl', 'parquet']),
    also: z.array(z.string().min(1)),
    root: z.string().min(1).optional(),
    pathColumn: z.string().min(1).optional(),
    identityColumn: z.string().min(1).optional(),
    identityDepth: count.optional(),
    reference: z.string().min(1).optional(),
    align: z.enum(['auto', 'center', 'none']),
    centerShare: z.number().gt(0).max(1),
    size: z.number().int().min(16).max(512).multipleOf(16),
    maxPixels: count,
    maxFileBytes: count,
  }),

  model: z.strictObject({
    backbone: z.string().min(1),
    pixelChannels: z.enum(['rgb', 'bgr']).optional(),
    pixelMean: z.number().optional(),
    pixelScale: z.number().positive().optional(),
    embeddingSize: count,
    neck: z.boolean().optional(),
    dropout: z.number().min(0).lt(1),
  }),

  train: z.strictObject({
    loss: z.string().min(1),
    lossSettings: z.record(z.string(), z.unknown()),
    subcenters: z.number().int().min(1).max(64),
    imagesPerSubcenter: z.number().int().min(0),
    marginWarmup: share,
    epochs: count,
    batchSize: z.number().int().min(2),
    learningRate: z.number().positive(),
    learningRateWarmup: share,
    momentum: z.number().min(0).lt(1),
    weightDecay: z.number().min(0),
    clipNorm: z.number().min(0),
    classShare: z.number().gt(0).max(1),
    interClassCosine: share,
    shift: z.number().int().min(0),
    light: share,
    flip: z.boolean(),
    checkpointSeconds: z.number().positive(),
    holdout: z.number().min(0).max(0.5),
    planted: z.number().min(0).max(0.2),
  }),

  index: z.strictObject({
    kind: z.enum(['auto', 'exact', 'hnsw', 'hnswlib', 'cells']),
    exactUpTo: count,
    hnswLinks: z.number().int().min(2).max(128),
    hnswBuildWidth: count,
    hnswSearchWidth: count,
    recallBar: share,
  }),

  sift: z.strictObject({
    neighbours: count,
    rule: z.enum(['calibrated', 'angle', 'dominant', 'either', 'both', 'insightface-drop']),
    angle: z.number().gt(0).max(180),
    dropAt: share,
    reviewAt: share,
    targetPrecision: share.optional(),
    targetRecall: share.optional(),
    hardFence: z.number().min(0),
    copyCorrelation: z.number().min(0.5).max(1),
    duplicateBits: z.number().int().min(0).max(32),
    overlap: z.enum(['flag', 'exclude']),
  }),

  purify: z.strictObject({
    mode: z.enum(['link', 'copy', 'hardlink']),
  }),

  evaluate: z.strictObject({
    pairs: count,
    folds: z.number().int().min(2),
    compareFolds: z.number().int().min(2).max(20).optional(),
  }),

  report: z.strictObject({
    galleryImages: z.number().int().min(0),
  }),
});

export type Config = z.infer<typeof configSchema>;

/** Sections of the config, each a stage's or a concern's. */
export type Section = { [K in keyof Config]: Config[K] extends object ? K : never }[keyof Config];

/** Some of the settings, by section. */
export type ConfigLayer = { [K in keyof Config]?: K extends Section ? Partial<Config[K]> : Config[K] };

/** Every default with its reason. An experiment is a short diff against this block (data/presets). */
export const defaults: Config = {
  seed: 0,
  threads: availableParallelism(), // ONNX Runtime is bit-exact from run to run only at one thread count
  engine: 'onnx', // installs from npm alone
  device: 'cpu',
  rounds: 1, // of training and sifting; a second one pays from scratch, costs a training, and changes nothing with a frozen model (docs/benchmarks.md)

  ingest: {
    format: 'auto',
    also: [],
    align: 'center', // needs no model; `auto` finds and aligns faces, `none` is for crops that are aligned already
    centerShare: 0.52, // of the shorter side: 130 of 250 pixels in the usual deep-funnelled frame, chin to forehead
    size: 64, // the smallest crop on which identities separate well when trained from scratch on two cores
    maxPixels: 100_000_000, // beyond this a file is a decompression bomb, not a photograph
    maxFileBytes: 128 * 2 ** 20, // the largest photographs there are; an archive may promise any size
  },

  model: {
    backbone: 'plain-7', // seven convolutions: 150-200 images/s on two cores
    embeddingSize: 128, // enough below 10,000 identities; halves head and index against 256
    dropout: 0, // share of features dropped before the last layer of IR networks; insightface trains with 0 too
  },

  train: {
    loss: 'arcface',
    lossSettings: {}, // each loss has its own, with their reasons, in src/losses; docs/losses.md lists them
    subcenters: 3, // the paper's K (Deng et al. 2020, table 3: 3 beats 1, 5 and 10 on a raw crawl)
    imagesPerSubcenter: 100, // fewer than that for each, and sub-centres give noise a home: with 85 images K = 1 finds more than K = 3 (docs/sub-centres.md); 0 = K as it is
    marginWarmup: 0.25, // share of training over which the margin grows from 0: from scratch, a full margin diverges
    epochs: 24, // mean angle stops falling; more memorises the noise
    batchSize: 32, // best images/s on two cores, and steps enough on small sets
    learningRate: 0.1, // peak of the one-cycle schedule, SGD with momentum (ArcFace's own)
    learningRateWarmup: 0.2, // share of the steps until the peak
    momentum: 0.9,
    weightDecay: 5e-4, // ArcFace's own
    clipNorm: 0, // gradients are left as they are; 5 is what authors use who clip
    classShare: 1, // share of the classes a step sees (Partial FC); below 1 pays from some 10^4 identities
    interClassCosine: 0, // other classes nearer than this do not repel; 0.4 where identities were split
    shift: 4, // pixels at size 64: what a detector's box is off by
    light: 0.2, // brightness and contrast change by up to this share
    flip: true, // a mirrored face is the same person
    checkpointSeconds: 60, // what a power cut may cost at most
    holdout: 0.1, // share of the kept images that retraining does not see, for verification pairs
    planted: 0.04, // share of the images that a first training from scratch sees under a wrong name: they show sift how noise scores
  },

  index: {
    kind: 'auto', // exact up to exactUpTo, cells where identities are known, hnsw otherwise; hnswlib is the same graph by an optional package
    exactUpTo: 20_000, // exact search below this takes seconds and needs no recall check
    hnswLinks: 32, // M: at 100,000 x 512 with a fifth noise, 16 stays below the recall bar (.92), 32 passes (.96; docs/performance.md)
    hnswBuildWidth: 200, // efConstruction: must not be below the search width, grows recall at no query cost
    hnswSearchWidth: 64, // ef
    recallBar: 0.95, // below this, neighbour votes are not evidence
  },

  sift: {
    neighbours: 10, // the usual k of label-error votes
    rule: 'calibrated',
    angle: 75, // insightface's drop.py
    dropAt: 0.5, // p_noise from which an image is more likely noise than not
    reviewAt: 0.25, // below, a person's time is not worth it
    hardFence: 1.5, // kept, but this many quartile distances beyond the kept images' upper quartile angle (Tukey): hard
    copyCorrelation: 0.955, // of two crops laid onto each other: copies reach .968, two shots of a second .948 (LFW)
    duplicateBits: 0, // differing bits of the 64-bit difference hash that are still a picture of the reference set
    overlap: 'flag', // leaving a whole identity out is for a person to ask for
  },

  purify: {
    mode: 'link', // no copy, and the source stays the only original
  },

  evaluate: {
    pairs: 3000, // genuine and as many impostor pairs at most: LFW's own number
    folds: 10, // LFW's protocol
  },

  report: {
    galleryImages: 24, // in each gallery of a report: a page that a person still reads; 0 for a report without faces
  },
};

const PRETRAINED = 'pretrained:';
const PACK = 'insightface:';

/** Whether a backbone's name means a model not trained here: `pretrained:NAME`, `insightface:PACK`, or an ONNX file. */
export const isFrozen = (backbone: string): boolean =>
  backbone.startsWith(PRETRAINED) || backbone.startsWith(PACK) || backbone.endsWith('.onnx');

/** NAME of `pretrained:NAME`. */
export const pretrainedName = (backbone: string): string | undefined =>
  backbone.startsWith(PRETRAINED) ? backbone.slice(PRETRAINED.length) : undefined;

/** PACK of `insightface:PACK`: its name, or its folder. */
export const packName = (backbone: string): string | undefined =>
  backbone.startsWith(PACK) ? backbone.slice(PACK.length) : undefined;

/** Side of the crops that published face models take. */
export const PUBLISHED_SIZE = 112;

/** Parts of the people that a comparison holds out, each once, at three trainings a part; fewer than five give wide intervals. */
export const usualCompareFolds = {
  scratch: 5, // a training takes minutes
  frozen: 10, // a training takes half a second
};

/** Defaults that differ with a frozen model. */
export const frozenDefaults: ConfigLayer = {
  ingest: { size: PUBLISHED_SIZE },
  train: { epochs: 2 }, // the model knows faces already; what its projection learns after that is the noise (docs/benchmarks.md)
};

/** With a pulled model or a pack its own detector is there too, and aligned crops are what it was trained on. */
export const pretrainedDefaults: ConfigLayer = { ingest: { align: 'auto' } };
