import { z } from 'zod';
import { decisionSchema } from '../core/records.js';
import { detectionSchema } from '../metrics/detection.js';
import { armsSchema } from '../metrics/compare-arms.js';
import { identificationSchema } from '../metrics/identification.js';
import { overlapSchema as pairOverlapSchema } from '../metrics/identity-overlap.js';
import { verificationSchema } from '../metrics/verification.js';

/** What every stage stores, once: commands, report, gate and the published schemas are inferred from this. */

const count = z.number().int().min(0);
const share = z.number().min(0).max(1);

export const ingestSchema = z.object({
  /** Images that are used. */
  images: count,
  identities: count,
  unreadable: count,
  /** Images whose bytes another image has too. */
  duplicates: count,
  /** Images in which no face was found; their middle stands in. */
  noFace: count,
  skipped: count,
  /** Images with more than one face; sift chooses. */
  severalFaces: count,
  /** Why things in the source were not used, and how many. */
  notUsed: z.array(z.object({ reason: z.string(), count })),
  quality: z.object({ findings: z.record(z.string(), count), properties: z.array(z.string()) }),
  /** Samples that were not used because nothing says whose they are. */
  unlabelled: count.default(0),
  /** What a row of the source means. */
  understood: z.array(z.string()).default([]),
  /** What is unlikely to be meant so, with the flag that changes it. */
  warnings: z.array(z.string()).default([]),
  /** Images of the reference set; absent without one. */
  reference: count.optional(),
});

export const trainSchema = z.object({
  run: z.string(),
  epochs: count,
  steps: count,
  loss: z.number(),
  imagesPerSecond: z.number(),
  meanAngleDegrees: z.number(),
  checkpoint: z.string(),
  /** Images of the last epoch that were trained under another label; absent where the loss relabels none. */
  relabelled: count.optional(),
});

export const embedSchema = z.object({
  run: z.string(),
  images: count,
  dimensions: count,
  imagesPerSecond: z.number(),
  file: z.string(),
});

/** Share of the images that are noise, with bounds that hold in about 95 of 100 sets; null where nothing can be measured. */
export const noiseRateSchema = z.object({ estimate: z.number(), low: z.number(), high: z.number() }).nullable();

export const decisionCountsSchema = z.record(decisionSchema, count);

/** What the set shares with the reference set. */
export const overlapSchema = z.object({
  images: z.array(z.object({ path: z.string(), reference: z.string(), same: z.enum(['file', 'picture']) })),
  people: z.array(z.object({ identity: z.string(), reference: z.string(), cosine: z.number() })),
});

/** Pairs of images that show the same photograph, by kind, and how many photographs are labelled as several identities. */
export const duplicateCountsSchema = z.object({
  ...{ bytes: count, pixels: count, near: count, mirrored: count },
  underSeveralIdentities: count,
});

/** What the cut should be worth, as the rule estimates it; null where it does not know. */
export const expectedSchema = z.object({ precision: z.number().nullable(), recall: z.number().nullable() });

export const indexCheckSchema = z.object({ recallAt10: share, ownRecallAt10: share, sample: count });
export const indexBuildSchema = z.object({
  kind: z.string(),
  vectors: count,
  seconds: z.number(),
  /** Of the files that it was saved in; 0 for kinds that are not saved. */
  bytes: count,
});

/** Share of the images kept that training told from other people, and how many are in review instead of dropped. */
export const withheldSchema = z.object({ learnt: share, images: count });

export const siftSchema = z.object({
  run: z.string(),
  decisions: decisionCountsSchema,
  noiseRate: noiseRateSchema,
  /** The cut on p_noise: as configured, or as a target moved it. */
  cut: z.object({ dropAt: z.number(), reviewAt: z.number() }),
  expected: expectedSchema,
  /** Present where a network trained from scratch learnt too little to drop or relabel by. */
  withheld: withheldSchema.optional(),
  /** Identities whose images do not say whom the name means, by the reason; the first hundred by name. */
  unjudged: z.array(z.object({ why: z.string(), count, identities: z.array(z.string()) })).optional(),
  /** How many images each rule would call noise. */
  ruleCounts: z.record(z.string(), count),
  index: z.object({ kind: z.string(), ...indexCheckSchema.shape }),
  /** How many nobody has answered: one person under two names, several under one. */
  proposals: z.object({ merges: count, splits: count }),
  copies: duplicateCountsSchema,
  /** Absent without a reference set. */
  overlap: overlapSchema.optional(),
  /** How long each step took. */
  seconds: z.record(z.string(), z.number()),
});

export const purifySchema = z.object({
  kept: count,
  /** Decided as drop, by the program or a person. */
  dropped: count,
  /** Decided as duplicate: kept + dropped + duplicates is every image. */
  duplicates: count,
  relabelled: count,
  identities: count,
  /** Identities of which nothing is left. */
  emptied: count,
  emptiedIdentities: z.array(z.string()),
  out: z.string(),
});

/** A figure of the network trained on the crawl, and of the one retrained on the purified set. */
const compared = <T extends z.ZodType>(figure: T) => z.object({ before: figure, after: figure.optional() });

export const evaluateSchema = z.object({
  /** The runs that were measured. */
  of: z.object({ sift: z.string(), before: z.string(), after: z.string().optional() }),
  /** null when there are too few images for pairs. */
  verification: compared(verificationSchema).nullable(),
  /** Where the pairs are from, how many images they have, and how many of those each network was trained on. */
  pairs: z.object({ from: z.enum(['kept images', 'file']), images: count, trainedOn: compared(count) }),
  score: z.object({
    name: z.string(),
    /** What was fitted to each network; absent for scores without parameters. */
    parameters: compared(z.record(z.string(), z.number())).optional(),
    /** True when they were fitted on the very pairs that were judged. */
    fittedOnThesePairs: z.boolean().optional(),
  }),
  /** Kept images that were held out, against the others; absent for pairs from a file. */
  identification: compared(identificationSchema).optional(),
  /** People of a pairs file who are in the training set too; absent for pairs made of it. */
  overlap: pairOverlapSchema.optional(),
  detection: detectionSchema.optional(),
});

/** What cleaning is worth to a network, on people whom it was not trained on. */
export const comparisonSchema = armsSchema.extend({
  /** In how many parts people were held out, each once, and how many there were. */
  folds: count,
  people: count,
  /** Images that a network was trained on, in the mean of the folds; after and random have as many. */
  images: z.object({ before: z.number(), after: z.number() }),
  /** Pairs and probes of all folds. */
  pairs: count,
  probes: count,
  /** Steps of one training. */
  steps: count,
});
export type Comparison = z.infer<typeof comparisonSchema>;

export const compareSchema = z.object({
  /** What was compared: the crawl's network lends its settings. */
  of: z.object({ sift: z.string(), train: z.string() }),
  /** Why there is no comparison; null where there is one. */
  notCompared: z.string().nullable(),
  comparison: comparisonSchema.nullable(),
});

export const reportSchema = z.object({
  /** The file. */
  out: z.string(),
  format: z.string(),
  bytes: count,
  /** The sift run it tells of. */
  sift: z.string(),
});

/**
 * Every stage by name: the version of its algorithm, which is part of the key of its work, so that what another version
 * stored is not taken for an answer; and the schema of its result. Raise the version when the same inputs and settings
 * give another result.
 */
export const stageResults = {
  ingest: { version: 4, schema: ingestSchema }, // 2: layouts, labels, kinds; 3: lists, archives, columns; 4: faint faces
  train: { version: 1, schema: trainSchema },
  retrain: { version: 1, schema: trainSchema },
  embed: { version: 1, schema: embedSchema },
  'index-build': { version: 1, schema: indexBuildSchema },
  'index-check': { version: 1, schema: indexCheckSchema },
  // 2: a calibration of its own with frozen features; 3: withheld from scratch; 4: by planted labels, noise rates of identities, doubtful faces
  // 5: compares with every class mean, whitens by products; 6: frozen, low quality, faint faces and sizes; from scratch, much noise
  sift: { version: 6, schema: siftSchema },
  purify: { version: 1, schema: purifySchema },
  evaluate: { version: 2, schema: evaluateSchema }, // 2: tells how many images of the pairs a network was trained on
  compare: { version: 1, schema: compareSchema },
  report: { version: 1, schema: reportSchema },
} as const;

export type StageName = keyof typeof stageResults;
/** Stages of every run, from images to a report. */
export type RunStageName = Exclude<StageName, 'index-build' | 'index-check' | 'compare'>;
export type StageResult<N extends StageName> = z.infer<(typeof stageResults)[N]['schema']>;

export type IngestResult = StageResult<'ingest'>;
export type TrainResult = StageResult<'train'>;
export type EmbedResult = StageResult<'embed'>;
export type SiftResult = StageResult<'sift'>;
export type PurifyResult = StageResult<'purify'>;
export type EvaluateResult = StageResult<'evaluate'>;
export type CompareResult = StageResult<'compare'>;
export type ReportResult = StageResult<'report'>;

/**
 * The networks whose figures are told. Pairs made of kept images are images that the network trained on the crawl was
 * trained on, so it is not set beside the retrained one, which has not seen all of them.
 */
export const networksToTell = ({ pairs, verification }: EvaluateResult): (keyof typeof networkTitles)[] =>
  !verification?.after ? ['before'] : pairs.from === 'file' ? ['before', 'after'] : ['after'];

/** The two networks in words. */
export const networkTitles = { before: 'trained on the crawl', after: 'retrained on the purified set' };

/** The networks of a comparison in words. */
export const armTitles = {
  before: 'the crawl as it was',
  after: 'the purified set',
  random: 'as many images removed at random',
};
