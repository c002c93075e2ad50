import { z } from 'zod';
import { forgetPlan, keepForgetPlan } from './tombstones.js';
import { WorkspaceError } from '../../core/errors.js';
import type { Workspace } from '../workspace.js';
import { resultSchema } from './result.js';

const count = z.number().int().min(0);

/** What becomes of a file that is written anew without what goes. Paths are below the workspace: it may be moved meanwhile. */
const rewriteSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('crops'), file: z.string() }),
  z.object({
    kind: z.literal('embeddings'),
    file: z.string(),
    /** What it is called afterwards: names of features hold the dataset's. */
    becomes: z.string(),
  }),
  z.object({
    kind: z.literal('checkpoint'),
    file: z.string(),
    /** Training margins of images: taken out one by one, all of them, or left. */
    margins: z.enum(['shrink', 'drop', 'keep']),
  }),
]);
export type Rewrite = z.infer<typeof rewriteSchema>;

/**
 * Everything that a `forget` will do, written down before anything is done; from it alone the work can be finished.
 * `planned`: rows and files are as they were. `switched`: the rows are the new ones; whatever new file lies beside an old one
 * is the one that counts.
 */
const planSchema = z.object({
  version: z.literal(1),
  step: z.enum(['planned', 'switched']),
  /** As they were given. */
  names: z.array(z.string()),
  reason: z.string(),
  identities: z.array(z.string()),
  images: z.array(z.object({ id: count, path: z.string(), identity: z.string(), sha256: z.string().nullable() })),
  /** Of crops that go, ascending; how many crops there are before, and the side of one. */
  slots: z.array(count),
  crops: count,
  size: count,
  /** Name of the dataset before. */
  dataset: z.string(),
  rewrites: z.array(rewriteSchema),
  /** Files that go whole, below the workspace. */
  whole: z.array(z.string()),
  /** Names whose centres go out of checkpoints: of identities that are forgotten, and of those with no image left. */
  centres: z.array(z.string()),
  /** Places of images among the dataset's. */
  positions: z.array(count),
  /** Purified sets below the workspace. */
  sets: z.array(z.string()),
  /** Reports that were written elsewhere. */
  reports: z.array(z.object({ file: z.string(), sha256: z.string() })),
  result: resultSchema,
});
export type Plan = z.infer<typeof planSchema>;

export const keepPlan = (workspace: Workspace, plan: Plan): void => keepForgetPlan(workspace, plan);

/** The plan of a `forget` that was interrupted. @throws WorkspaceError when another version left it */
export function interruptedPlan(workspace: Workspace): Plan | undefined {
  const kept = forgetPlan(workspace);
  if (kept === undefined) return undefined;
  const plan = planSchema.safeParse(kept);
  if (plan.success) return plan.data;
  throw new WorkspaceError('A newer facesieve was interrupted while it forgot something in this workspace.', [
    'Finish it with that version: facesieve forget NAME --yes',
  ]);
}
