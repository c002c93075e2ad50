import { z } from 'zod';

/** Where a rule cuts: at an angle, at a p_noise, or by the vote for a sub-centre alone (neither). */
export const cutSchema = z.object({
  degrees: z.number().nullable(),
  dropAt: z.number().nullable(),
  reviewAt: z.number().nullable(),
});
export type AngleCut = z.infer<typeof cutSchema>;

/**
 * Angles to the dominant sub-centre. An image counts with 1 - p_noise as clean and with p_noise as noise; without a
 * p_noise, with 1 as what was decided. So the two parts are the estimated distributions of genuine and of impostor images.
 */
export const anglesSchema = z.object({
  binDegrees: z.number(),
  /** Without gaps, by angle. */
  bins: z.array(z.object({ from: z.number(), clean: z.number(), noise: z.number() })),
  images: z.number().int(),
  /** Images among them that have no p_noise. */
  byDecision: z.number().int(),
  cut: cutSchema,
  /**
   * Where decisions change: 95 % of what is called noise is beyond one edge, 95 % of what stays within the other; null
   * when nothing is called noise, or nothing stays.
   */
  band: z.object({ noiseFrom: z.number(), cleanTo: z.number() }).nullable(),
});
export type Angles = z.infer<typeof anglesSchema>;
