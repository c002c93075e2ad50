import { WorkspaceError } from '../../core/errors.js';
import { realPlace } from '../../core/real-place.js';
import { readFact, type Workspace } from '../../workspace/workspace.js';

/**
 * A workspace belongs to the source that was ingested first: decisions, verdicts and the purified set are about it.
 * @throws WorkspaceError naming both when `source` is another one and `force` was not asked for
 */
export function refuseOtherSource(workspace: Workspace, source: string, force: boolean): void {
  const own = readFact(workspace, 'source');
  if (own === undefined || force || realPlace(own).path === realPlace(source).path) return;
  throw new WorkspaceError(`The workspace "${workspace.folder}" belongs to "${own}", not to "${source}".`, [
    'Use another workspace: --workspace DIR',
    'If this is the same crawl in another place, or its workspace shall be taken over, add --force-source: verdicts stay, by path.',
  ]);
}
