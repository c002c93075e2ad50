import { z } from 'zod';

const count = z.number().int().min(0);
const texts = z.array(z.string());

/** Where something that was forgotten is still found. */
const findingSchema = z.object({
  what: z.string(),
  /** A file of the workspace, with table and column where it is the database. */
  where: z.string(),
  times: count,
  /** Why it is there rightly; null = it should not be there. */
  why: z.string().nullable(),
});
export type Finding = z.infer<typeof findingSchema>;

const searchedSchema = z.object({
  files: count,
  bytes: count,
  /** Names, paths and hashes that were looked for. */
  needles: count,
});

export const resultSchema = z.object({
  dryRun: z.boolean(),
  identities: count,
  /** Rows of images, the unreadable ones and the reference set's too. */
  images: count,
  paths: texts,
  crops: count,
  /** Rows of embeddings and of features, over all files. */
  embeddings: count,
  /** Embedding files of other datasets, which go whole: nobody knows whose rows they hold. */
  embeddingFiles: count,
  decisions: count,
  verdicts: count,
  proposals: count,
  /** Files of reports, thumbnails and stored indexes; they are made again when they are asked for. */
  reports: count,
  /** Purified sets in the workspace. */
  purified: count,
  /** Images that were not named but are the same file. */
  copies: texts,
  /** Images that stay, although sift says that they show the same photograph. */
  alike: texts,
  /** What cannot be removed from here. */
  left: texts,
  /** Files of the workspace that could not be read and went whole. */
  unreadable: texts,
  /** Names that were forgotten before, with when and why. */
  already: texts,
  /** Names of a `forget` that was interrupted and is finished now. */
  finished: texts,
  /** What was searched afterwards; null when nothing was done. */
  searched: searchedSchema.nullable(),
  found: z.array(findingSchema),
});
export type ForgetResult = z.infer<typeof resultSchema>;

export const nothingForgotten: ForgetResult = {
  dryRun: false,
  ...{ identities: 0, images: 0, paths: [], crops: 0, embeddings: 0, embeddingFiles: 0 },
  ...{ decisions: 0, verdicts: 0, proposals: 0, reports: 0, purified: 0 },
  ...{ copies: [], alike: [], left: [], unreadable: [], already: [], finished: [] },
  ...{ searched: null, found: [] },
};
