import type { Report } from '../report/report.js';
import type { Workspace } from '../store/workspace.js';
import type { Chain } from './chain.js';

/** Files named one by one. */
const EXAMPLES = 20;

/** Everything in the source that was not used, by reason, and some of it by name. */
export function gatherSkipped({ database }: Workspace, ingest: Chain['figures']['ingest']): Report['skipped'] {
  const examples = database
    .prepare(
      `SELECT path, coalesce(error, state) why FROM images WHERE slot IS NULL AND role = 'set' ORDER BY path LIMIT ?`,
    )
    .all(EXAMPLES) as Report['skipped']['examples'];
  const number = (where: string): number =>
    database.prepare(`SELECT count(*) FROM images WHERE role = 'set' AND ${where}`).pluck().get() as number;
  return {
    total: number('slot IS NULL'),
    reasons: ingest.notUsed ?? [],
    examples,
    noFace: number("state = 'no-face'"),
    severalFaces: ingest.severalFaces ?? 0,
  };
}
