import { z } from 'zod';

const share = z.number().min(0).max(1);

/** One person under two names. */
export const mergeProposalSchema = z.object({
  /** The name with more images. */
  a: z.string(),
  b: z.string(),
  /** That they are one person. */
  confidence: share,
  /** Between the centres of the two. */
  cosine: z.number(),
  /** The same against how alike the images of each are among themselves: about 1 for one person. */
  likeness: z.number(),
  /** Share of the pairs of an image of `a` and one of `b` that are as alike as one person's in this set. */
  pairsAboveBar: share,
  /** The most alike pairs, as paths. */
  examples: z.array(z.object({ a: z.string(), b: z.string(), cosine: z.number() })),
});
export type MergeProposal = z.infer<typeof mergeProposalSchema>;

/** Two people or more under one name. */
export const splitProposalSchema = z.object({
  identity: z.string(),
  /** That they are several; of the surest second person. */
  confidence: share,
  /** The most alike pairs of an image of the first group and one of another, as paths; absent from earlier versions. */
  examples: z.array(z.object({ a: z.string(), b: z.string(), cosine: z.number() })).optional(),
  /** The people, first whom the name means; images that belong to no person are in no group. */
  groups: z.array(
    z.object({
      images: z.array(z.string()),
      count: z.number().int(),
      /** To the first group, about 1 for one person; 1 for itself. */
      likeness: z.number(),
      /** That it is somebody else than the first group; 1 for itself. */
      confidence: share,
    }),
  ),
});
export type SplitProposal = z.infer<typeof splitProposalSchema>;

/** What the images say against the names, the surest first. */
export const identityProposalsSchema = z.object({
  merges: z.array(mergeProposalSchema),
  splits: z.array(splitProposalSchema),
});
export type IdentityProposals = z.infer<typeof identityProposalsSchema>;
