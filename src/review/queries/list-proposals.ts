import { MissingStageError } from '../../core/errors.js';
import type { IdentityProposals } from '../../identities/proposals.js';
import { effectiveNames } from '../../workspace/effective-names.js';
import { croppedImages } from '../../workspace/images.js';
import { openProposals } from '../../workspace/proposals.js';
import { chooseRun } from '../../workspace/runs.js';
import { currentResult } from '../../workspace/stage.js';
import type { Workspace } from '../../workspace/workspace.js';

/**
 * Proposals of the current sift run that nobody has answered, with the names of then.
 * @throws MissingStageError before the first sift, or when its run made none yet
 */
export function listProposals(workspace: Workspace): IdentityProposals {
  const run = chooseRun(workspace, undefined, 'sift');
  if (!currentResult(workspace, 'sift'))
    throw new MissingStageError(
      `Sift run ${run.id} is of an earlier version, which proposed nothing about identities.`,
      ['facesieve sift --force'],
    );
  return openProposals(workspace, run, { names: effectiveNames(workspace, croppedImages(workspace)) });
}
