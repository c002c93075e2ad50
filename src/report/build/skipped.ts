import { unusedFiles } from '../../workspace/unused-files.js';
import type { Workspace } from '../../workspace/workspace.js';
import type { Report } from '../report.js';
import type { Lineage } from './lineage.js';

/** Files named one by one. */
const EXAMPLES = 20;

/** Everything in the source that was not used, by reason, and some of it by name. */
export function buildSkipped(workspace: Workspace, ingest: Lineage['figures']['ingest']): Report['skipped'] {
  return {
    ...unusedFiles(workspace, EXAMPLES),
    reasons: ingest.notUsed ?? [],
    severalFaces: ingest.severalFaces ?? 0,
  };
}
