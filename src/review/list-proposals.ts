import { MissingStageError } from '../core/errors.js';
import type { IdentityProposals } from '../core/identity-proposals.js';
import { readProposals } from '../store/proposals.js';
import { chooseRun } from '../store/runs.js';
import { currentResult } from '../store/stages.js';
import type { Workspace } from '../store/workspace.js';

/** Proposals of the current sift run. @throws MissingStageError before the first sift, or when its run made none yet */
export function listProposals(workspace: Workspace): IdentityProposals {
  const { id } = chooseRun(workspace, undefined, 'sift');
  if (!currentResult<{ proposals?: unknown }>(workspace, 'sift')?.proposals)
    throw new MissingStageError(`Sift run ${id} is of an earlier version, which proposed nothing about identities.`, [
      'facesieve sift --force',
    ]);
  return readProposals(workspace, id);
}
