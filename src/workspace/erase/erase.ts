import { commitDurably, overwriteDeleted } from '../database.js';
import { isSwept } from './tombstones.js';
import { readFact, type Workspace } from '../workspace.js';
import { carryOut, sweep } from './carry-out.js';
import { makePlan } from './make-plan.js';
import { interruptedPlan, keepPlan } from './plan.js';
import { type ForgetResult, nothingForgotten } from './result.js';
import { pathsOf, UnknownNameError, resolveTargets } from './resolve-targets.js';

export type { ForgetResult };

export interface ForgetOptions {
  /** Without it, only what would go is told. */
  yes: boolean;
  /** Kept with the tombstones, in clear. */
  reason?: string;
}

/**
 * Takes identities and images out of the workspace so that nothing of them can be read there any more, and keeps them from
 * coming back (docs/privacy.md). Whatever `forget` was interrupted before is finished first, of the same names or of others.
 * @throws UnknownNameError, FormatError before anything is touched; WorkspaceBusyError
 */
export function erase(
  workspace: Workspace,
  names: readonly string[],
  { yes, reason = 'on request' }: ForgetOptions,
): ForgetResult {
  overwriteDeleted(workspace.database);
  commitDurably(workspace.database);
  const before = finishInterrupted(workspace);
  const rest = names.filter((name) => !before?.isOf(name));
  if (!before) return eraseNow(workspace, rest, { yes, reason });
  if (rest.length === 0) return { ...before.result, finished: before.names };
  const now = telling(before.names, () => eraseNow(workspace, rest, { yes, reason }));
  const [unreadable, found] = [before.result.unreadable, before.result.found];
  return {
    ...now,
    finished: before.names,
    ...{ unreadable: [...unreadable, ...now.unreadable], found: [...found, ...now.found] },
  };
}

function eraseNow(
  workspace: Workspace,
  names: readonly string[],
  { yes, reason }: Required<ForgetOptions>,
): ForgetResult {
  const targets = resolveTargets(workspace, names);
  const { already } = targets;
  if (already.length === names.length) return { ...nothingForgotten, dryRun: !yes, already };
  const plan = makePlan(workspace, targets, names, reason);
  if (!yes) return { ...plan.result, dryRun: true };
  keepPlan(workspace, plan);
  return carryOut(workspace, plan);
}

/** What `work` returns; when a name is unknown, the error says too what was finished before. */
function telling<R>(finished: readonly string[], work: () => R): R {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof UnknownNameError)) throw error;
    const message = error.message.replace('nothing was', 'nothing else was');
    const names = finished.map((name) => JSON.stringify(name)).join(', ');
    throw new UnknownNameError(`${message} What was interrupted before is finished: ${names}.`, error.suggestions);
  }
}

interface Finished {
  names: string[];
  result: ForgetResult;
  /** Whether that took `name` out. */
  isOf(name: string): boolean;
}

function finishInterrupted(workspace: Workspace): Finished | undefined {
  const plan = interruptedPlan(workspace);
  if (!plan) {
    if (!isSwept(workspace)) sweep(workspace);
    return undefined;
  }
  const result = carryOut(workspace, plan);
  const gone = new Set([...plan.names, ...plan.identities, ...plan.images.map(({ path }) => path)]);
  const source = readFact(workspace, 'source') ?? '';
  return {
    ...{ names: plan.names, result },
    isOf: (name) => gone.has(name) || pathsOf(name, source).some((path) => gone.has(path)),
  };
}
