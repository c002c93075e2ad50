import { z } from 'zod';

const share = z.number().min(0).max(1).nullable();

/** Figures of other stages as far as a report tells them; a stage may store more. null: nothing could be measured. */
export const noiseRateSchema = z.object({ estimate: z.number(), low: z.number(), high: z.number() }).nullable();

export const expectedSchema = z.object({ precision: share, recall: share });

export const verificationFiguresSchema = z.object({
  accuracy: z.number(),
  std: z.number(),
  auc: z.number(),
  eer: z.number(),
  /** By false accept rate; null = too few impostor pairs to tell. */
  tarAtFar: z.record(z.string(), z.number().nullable()),
  genuine: z.number().int(),
  impostor: z.number().int(),
});
export type VerificationFigures = z.infer<typeof verificationFiguresSchema>;

export const detectionFiguresSchema = z.object({
  ...{ precision: share, recall: share, f1: share, auroc: share, averagePrecision: share, cleanLoss: share },
  recallByNoise: z.record(z.string(), share),
  images: z.number().int(),
  noisy: z.number().int(),
  flagged: z.number().int(),
});
export type DetectionFigures = z.infer<typeof detectionFiguresSchema>;
