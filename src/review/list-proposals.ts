import { MissingStageError } from '../core/errors.js';
import type { IdentityProposals } from '../core/identity-proposals.js';
import { effectiveNames } from '../store/effective-names.js';
import { croppedImages } from '../store/images.js';
import { openProposals } from '../store/proposals.js';
import { chooseRun } from '../store/runs.js';
import { currentResult } from '../store/stages.js';
import type { Workspace } from '../store/workspace.js';

/**
 * Proposals of the current sift run that nobody has answered, with the names of then.
 * @throws MissingStageError before the first sift, or when its run made none yet
 */
export function listProposals(workspace: Workspace): IdentityProposals {
  const run = chooseRun(workspace, undefined, 'sift');
  if (!currentResult<{ proposals?: unknown }>(workspace, 'sift')?.proposals)
    throw new MissingStageError(
      `Sift run ${run.id} is of an earlier version, which proposed nothing about identities.`,
      ['facesieve sift --force'],
    );
  return openProposals(workspace, run, { names: effectiveNames(workspace, croppedImages(workspace)) });
}
