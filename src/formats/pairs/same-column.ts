import { z } from 'zod';

const answers: Record<string, boolean> = { '1': true, true: true, '0': false, false: false };

/** The column that says whether two are the same person. */
export const sameColumn = z
  .string()
  .transform((text) => text.trim().toLowerCase())
  .refine((text) => text in answers, 'must be 1, 0, true or false')
  .transform((text) => answers[text]);
