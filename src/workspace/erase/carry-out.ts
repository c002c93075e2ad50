import { existsSync, renameSync } from 'node:fs';
import { dirname } from 'node:path';
import { FormatError, WorkspaceBusyError } from '../../core/errors.js';
import { overwriteFile, shred } from '../../core/shred.js';
import { syncFolder } from '../../core/durable.js';
import { copyCropsWithout } from '../../images/crop-file.js';
import { copyCheckpoint } from '../../model/checkpoint.js';
import { compactDatabase } from '../database.js';
import { copyEmbeddingsWithout } from '../embedding-file.js';
import { dropForgetPlan, markSwept } from './tombstones.js';
import type { Workspace } from '../workspace.js';
import { withoutForgotten } from './checkpoint-actions.js';
import { BESIDE, shredDerived } from './derived-files.js';
import { keepPlan, type Plan, type Rewrite } from './plan.js';
import type { ForgetResult } from './result.js';
import { searchWorkspace } from './search-workspace.js';
import { switchRecords } from './switch-records.js';

/**
 * Does what `plan` says, from wherever it was interrupted: (1) every file that changes is written anew beside the old one,
 * (2) one transaction takes the rows out and says that the new files count, (3) they are put in the old ones' places, and what
 * goes whole goes, (4) the database is compacted and all files are searched, (5) the plan goes. Before (2) nothing has changed, and each of the
 * others may be done twice.
 * @throws WorkspaceBusyError when another process keeps the database's log
 */
export function carryOut(workspace: Workspace, plan: Plan): ForgetResult {
  const switched = plan.step === 'switched' ? plan : switchOver(workspace, writeBeside(workspace, plan));
  for (const rewrite of switched.rewrites) putInPlace(workspace, rewrite);
  for (const file of switched.whole) shred(workspace.file(file));
  shredDerived(workspace, switched);
  compact(workspace);
  const search = searchWorkspace(workspace, switched);
  dropForgetPlan(workspace);
  sweep(workspace);
  return { ...switched.result, ...search };
}

/** Removes the last trace of a plan that was carried out. @throws WorkspaceBusyError */
export function sweep(workspace: Workspace): void {
  compact(workspace);
  markSwept(workspace);
}

function compact({ database }: Workspace): void {
  if (compactDatabase(database)) return;
  throw new WorkspaceBusyError(
    'Everything was taken out, but another process reads the database: its log still holds what was there before.',
    ['End the other process (a report, a review?), then run the same command again.'],
  );
}

/** A file that cannot be read any more goes whole: nobody can say what it holds. */
function writeBeside(workspace: Workspace, plan: Plan): Plan {
  const damaged = plan.rewrites.filter((rewrite) => {
    const file = workspace.file(rewrite.file);
    if (existsSync(file + BESIDE)) return false; // whole: it was renamed to this
    try {
      writeAnew(file, plan, rewrite);
    } catch (error) {
      if (!(error instanceof FormatError) || rewrite.kind === 'crops') throw error;
      return true;
    }
    syncFolder(dirname(file));
    return false;
  });
  const files = damaged.map(({ file }) => file);
  return {
    ...plan,
    rewrites: plan.rewrites.filter((rewrite) => !damaged.includes(rewrite)),
    whole: [...plan.whole, ...files],
    result: {
      ...plan.result,
      unreadable: [...plan.result.unreadable, ...files.map((file) => workspace.file(file))],
    },
  };
}

function writeAnew(file: string, plan: Plan, rewrite: Rewrite): void {
  const target = file + BESIDE;
  const slots = new Set(plan.slots);
  if (rewrite.kind === 'crops') copyCropsWithout(file, target, plan.size, plan.crops, slots);
  else if (rewrite.kind === 'embeddings') copyEmbeddingsWithout(file, target, slots);
  else
    copyCheckpoint(file, target, (content) =>
      withoutForgotten(content, new Set(plan.centres), new Set(plan.positions), rewrite.margins),
    );
}

function switchOver(workspace: Workspace, plan: Plan): Plan {
  const switched: Plan = { ...plan, step: 'switched' };
  workspace.database.transaction(() => {
    switchRecords(workspace, plan);
    keepPlan(workspace, switched);
  })();
  return switched;
}

/** The old bytes are overwritten while the new file still lies beside: who is interrupted there does it again. */
function putInPlace(workspace: Workspace, rewrite: Rewrite): void {
  const file = workspace.file(rewrite.file);
  if (!existsSync(file + BESIDE)) return;
  const place = rewrite.kind === 'embeddings' ? workspace.file(rewrite.becomes) : file;
  if (place === file) overwriteFile(file);
  else shred(file);
  renameSync(file + BESIDE, place);
  syncFolder(dirname(file));
}
