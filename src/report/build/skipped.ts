import { unusedFiles } from '../../workspace/unused-files.js';
import type { Workspace } from '../../workspace/workspace.js';
import type { Report } from '../report.js';
import type { Chain } from './lineage.js';

/** Files named one by one. */
const EXAMPLES = 20;

/** Everything in the source that was not used, by reason, and some of it by name. */
export function gatherSkipped(workspace: Workspace, ingest: Chain['figures']['ingest']): Report['skipped'] {
  return {
    ...unusedFiles(workspace, EXAMPLES),
    reasons: ingest.notUsed ?? [],
    severalFaces: ingest.severalFaces ?? 0,
  };
}
