import { z } from 'zod';
import { detectionSchema } from '../../metrics/detection.js';
import { identificationSchema } from '../../metrics/identification.js';
import { overlapSchema } from '../../metrics/identity-overlap.js';
import { verificationSchema } from '../../metrics/verification.js';

/** A figure of the network trained on the crawl, and of the one retrained on the purified set. */
const compared = <T extends z.ZodType>(figure: T) => z.object({ before: figure, after: figure.optional() });

export const evaluateSchema = z.object({
  /** The runs that were measured. */
  of: z.object({ sift: z.string(), before: z.string(), after: z.string().optional() }),
  /** null when there are too few images for pairs. */
  verification: compared(verificationSchema).nullable(),
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
  overlap: overlapSchema.optional(),
  detection: detectionSchema.optional(),
});
export type EvaluateResult = z.infer<typeof evaluateSchema>;

/** The two networks in words. */
export const networkTitles = { before: 'trained on the crawl', after: 'retrained on the purified set' };
