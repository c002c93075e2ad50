import { updateIngestResult } from '../ingest-summary.js';
import { currentFingerprint } from '../dataset.js';
import { readForgotten, rememberForgotten } from './tombstones.js';
import { forgetReports } from '../reports.js';
import { renameDataset } from '../runs.js';
import type { Workspace } from '../workspace.js';
import type { Plan } from './plan.js';
import { addTombstones, closeGaps, type Deleted, scrubRecords } from './scrub-records.js';

export type Going = Pick<Plan, 'images' | 'identities' | 'slots' | 'dataset' | 'reason'>;

/** Takes the rows out, within the caller's transaction: tombstones stay in their place, and slots move up. */
export function switchRecords(workspace: Workspace, { images, identities, slots, dataset, reason }: Going): Deleted {
  const { database } = workspace;
  const paths = images.map(({ path }) => path);
  const bytes = images.flatMap(({ sha256 }) => sha256 ?? []);
  rememberForgotten(workspace, { path: paths, identity: identities, bytes }, reason);
  const forgotten = readForgotten(workspace);
  const deleted = scrubRecords(database, { paths: new Set(paths), identities: new Set(identities) });
  addTombstones(database, images, ({ path, identity }) => forgotten.named(path, identity)!);
  closeGaps(database, slots);
  database.exec("DELETE FROM stages WHERE stage = 'report'"); // its files go
  forgetReports(workspace);
  renameDataset(workspace, dataset, currentFingerprint(workspace));
  updateIngestResult(workspace);
  return deleted;
}
