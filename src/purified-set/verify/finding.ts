import { z } from 'zod';

/** What may be wrong with a set that was written before. */
export const findingKinds = ['missing', 'changed', 'extra', 'ledger', 'labels', 'counts'] as const;

export const findingSchema = z.object({
  kind: z.enum(findingKinds),
  /** Below the set's folder. */
  path: z.string(),
  detail: z.string(),
});
export type Finding = z.infer<typeof findingSchema>;

/** What checks are made of: one list of findings each, none when all is well. */
export const finding = (kind: Finding['kind'], path: string, detail: string): Finding => ({ kind, path, detail });
