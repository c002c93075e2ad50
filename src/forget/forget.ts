import { commitDurably, overwriteDeleted } from '../store/database.js';
import { isSwept } from '../store/forgotten.js';
import { readFact, type Workspace } from '../store/workspace.js';
import { carryOut, sweep } from './carry-out.js';
import { makePlan } from './make-plan.js';
import { interruptedPlan, keepPlan } from './plan.js';
import { type ForgetResult, nothingForgotten } from './result.js';
import { pathsOf, whatIsMeant } from './what-is-meant.js';

export type { ForgetResult };

export interface ForgetOptions {
  /** Without it, only what would go is told. */
  yes: boolean;
  /** Kept with the graves, in clear. */
  reason?: string;
  /** Brings figures that other stages stored up to date; within the transaction that takes the rows out. */
  recount?: (workspace: Workspace) => void;
}

/**
 * Takes identities and images out of the workspace so that nothing of them can be read there any more, and keeps them from
 * coming back (docs/privacy.md). Whatever `forget` was interrupted before is finished first, of the same names or of others.
 * @throws UnknownNameError, FormatError before anything is touched; WorkspaceBusyError
 */
export function forget(
  workspace: Workspace,
  names: readonly string[],
  { yes, reason = 'on request', recount = () => undefined }: ForgetOptions,
): ForgetResult {
  overwriteDeleted(workspace.database);
  commitDurably(workspace.database);
  const before = finishInterrupted(workspace, recount);
  const finished = before?.names ?? [];
  const rest = names.filter((name) => !before?.isOf(name));
  if (before && rest.length === 0) return { ...before.result, finished };
  const meant = whatIsMeant(workspace, rest);
  const { already } = meant;
  if (already.length === rest.length) return { ...nothingForgotten, dryRun: !yes, already, finished };
  const plan = makePlan(workspace, meant, rest, reason, recount);
  if (!yes) return { ...plan.result, dryRun: true, finished };
  keepPlan(workspace, plan);
  return { ...carryOut(workspace, plan, recount), finished };
}

interface Finished {
  names: string[];
  result: ForgetResult;
  /** Whether that took `name` out. */
  isOf(name: string): boolean;
}

function finishInterrupted(workspace: Workspace, recount: (workspace: Workspace) => void): Finished | undefined {
  const plan = interruptedPlan(workspace);
  if (!plan) {
    if (!isSwept(workspace)) sweep(workspace);
    return undefined;
  }
  const result = carryOut(workspace, plan, recount);
  const gone = new Set([...plan.names, ...plan.identities, ...plan.images.map(({ path }) => path)]);
  const source = readFact(workspace, 'source') ?? '';
  return {
    ...{ names: plan.names, result },
    isOf: (name) => gone.has(name) || pathsOf(name, source).some((path) => gone.has(path)),
  };
}
