import { existsSync, readdirSync } from 'node:fs';
import type { ImageRow } from '../core/records.js';
import { shred } from '../core/shred.js';
import { compactDatabase, overwriteDeleted } from '../store/database.js';
import { cropFileOf, cropGeometryOf, currentFingerprint } from '../store/dataset.js';
import {
  forgettingStep,
  markForgetting,
  readForgotten,
  rememberForgotten,
  unmarkForgetting,
} from '../store/forgotten.js';
import { countImages, croppedImages, identitiesOf } from '../store/images.js';
import { forgetReports, writtenReports } from '../store/reports.js';
import { allRuns, renameDataset, type Run } from '../store/runs.js';
import { readFact, type Workspace } from '../store/workspace.js';
import { countDerived, purifiedSets, shredDerived } from './derived-files.js';
import { buryImages, closeGaps, type Deleted, scrubRecords } from './scrub-records.js';
import { shrinkCheckpoints } from './shrink-checkpoints.js';
import { shrinkCrops } from './shrink-crops.js';
import { applyFate, type EmbeddingFate, embeddingFates, renameFeatures } from './shrink-embeddings.js';
import { type Meant, whatIsMeant } from './what-is-meant.js';

export interface ForgetOptions {
  /** Without it, only what would go is told. */
  yes: boolean;
  /** Kept with the graves, in clear. */
  reason?: string;
}

export interface ForgetResult {
  dryRun: boolean;
  identities: number;
  /** Rows of images, the unreadable ones and the reference set's too. */
  images: number;
  paths: string[];
  crops: number;
  /** Rows of embeddings and of features, over all files. */
  embeddings: number;
  /** Embedding files of other datasets, which go whole: nobody knows whose rows they hold. */
  embeddingFiles: number;
  decisions: number;
  verdicts: number;
  proposals: number;
  /** Files of reports, thumbnails and stored indexes; they are made again when they are asked for. */
  reports: number;
  /** Purified sets in the workspace. */
  purified: number;
  /** Images that were not named but are the same file. */
  copies: string[];
  /** Images that stay, although sift says that they show the same photograph. */
  alike: string[];
  /** What cannot be removed from here. */
  left: string[];
}

/** What is there before anything is taken out. */
interface Plan extends Meant {
  workspace: Workspace;
  slots: number[]; // ascending
  crops: number;
  dataset: string;
  runs: Run[];
  fates: EmbeddingFate[];
  sets: ReturnType<typeof purifiedSets>;
  /** Files where a report was written that is not there as it was. */
  changedReports: string[];
}

/**
 * Takes identities and images out of the workspace so that nothing of them can be read there any more, and keeps them from
 * coming back (docs/privacy.md). Interrupted, the same call goes on where it stopped.
 * @throws UnknownNameError before anything is touched
 */
export function forget(
  workspace: Workspace,
  names: readonly string[],
  { yes, reason = 'on request' }: ForgetOptions,
): ForgetResult {
  if (forgettingStep(workspace) === 'records') finish(workspace);
  const plan = planOf(workspace, names);
  if (!yes) {
    const deleted = rehearsed(workspace, () => takeOutOfDatabase(plan, reason));
    return { ...resultOf(plan, deleted, true), dryRun: true, reports: countDerived(workspace) };
  }
  markForgetting(workspace, 'files');
  const reports = countDerived(workspace);
  takeOutOfFiles(plan);
  overwriteDeleted(workspace.database);
  const deleted = workspace.database.transaction(() => takeOutOfDatabase(plan, reason))();
  renameFeatures(workspace, plan.runs, plan.dataset, currentFingerprint(workspace));
  return { ...resultOf(plan, deleted, finish(workspace)), dryRun: false, reports };
}

function planOf(workspace: Workspace, names: readonly string[]): Plan {
  const meant = whatIsMeant(workspace, names);
  const slotsOf = workspace.database.prepare('SELECT slot FROM crops WHERE image = ?').pluck();
  const slots = meant.images.flatMap(({ id }) => slotsOf.all(id) as number[]).sort((a, b) => a - b);
  const { crops } = countImages(workspace);
  const runs = allRuns(workspace);
  const dataset = currentFingerprint(workspace);
  const fates = embeddingFates(workspace, runs, crops, crops - slots.length, dataset);
  const { changed: changedReports } = writtenReports(workspace);
  return { ...meant, workspace, slots, crops, dataset, runs, fates, sets: purifiedSets(workspace), changedReports };
}

function takeOutOfFiles({ workspace, images, identities, slots, crops, dataset, runs, fates, sets }: Plan): void {
  const before = croppedImages(workspace);
  const ids = new Set(images.map(({ id }) => id));
  const left = new Set(identitiesOf(before.filter(({ id }) => !ids.has(id))));
  const emptied = identitiesOf(before).filter((identity) => !left.has(identity));
  const gone = new Set(slots);

  shredDerived(workspace);
  for (const set of sets.inside) shred(set);
  shrinkCrops(cropFileOf(workspace), cropGeometryOf(workspace).size, crops, slots);
  for (const fate of fates) applyFate(fate, crops, gone);
  shrinkCheckpoints(workspace, runs, {
    identities: new Set([...identities, ...emptied]),
    positions: new Set(before.flatMap(({ id }, position) => (ids.has(id) ? [position] : []))),
    images: before.length,
    dataset,
  });
}

function takeOutOfDatabase({ workspace, images, identities, slots, dataset }: Plan, reason: string): Deleted {
  const { database } = workspace;
  const paths = images.map(({ path }) => path);
  const bytes = images.flatMap(({ sha256 }) => sha256 ?? []);
  rememberForgotten(workspace, { path: paths, identity: identities, bytes }, reason);
  const forgotten = readForgotten(workspace);
  const deleted = scrubRecords(database, { paths: new Set(paths), identities: new Set(identities) });
  buryImages(database, images, ({ path, identity }: ImageRow) => forgotten.named(path, identity)!);
  closeGaps(database, slots);
  database.exec("DELETE FROM stages WHERE stage = 'report'"); // its files are gone
  forgetReports(workspace);
  renameDataset(workspace, dataset, currentFingerprint(workspace));
  markForgetting(workspace, 'records');
  return deleted;
}

/** What `work` returns, with nothing of it done. */
function rehearsed<R>(workspace: Workspace, work: () => R): R {
  workspace.database.exec('BEGIN');
  try {
    return work();
  } finally {
    workspace.database.exec('ROLLBACK');
  }
}

/** False when another process keeps the database's log. */
function finish(workspace: Workspace): boolean {
  unmarkForgetting(workspace);
  return compactDatabase(workspace.database);
}

function resultOf(plan: Plan, deleted: Deleted, clean: boolean): Omit<ForgetResult, 'dryRun' | 'reports'> {
  const { workspace, identities, images, slots, fates, sets, changedReports, copies, alike } = plan;
  const shrinking = fates.filter(({ shrinks }) => shrinks).length;
  return {
    identities: identities.length,
    images: images.length,
    paths: images.map(({ path }) => path),
    crops: slots.length,
    embeddings: shrinking * slots.length,
    embeddingFiles: fates.length - shrinking,
    decisions: deleted.decisions,
    verdicts: deleted.verdicts + (deleted.identity_verdicts ?? 0),
    proposals: deleted.identity_proposals,
    purified: sets.inside.length,
    ...{ copies, alike, left: whatIsLeft(workspace, sets.outside, changedReports, clean) },
  };
}

function whatIsLeft(
  workspace: Workspace,
  sets: readonly string[],
  changedReports: readonly string[],
  clean: boolean,
): string[] {
  const checkpoints = existsSync(workspace.file('checkpoints')) ? readdirSync(workspace.file('checkpoints')) : [];
  return [
    ...checkpoints.map(
      (name) => `what the network learnt: ${workspace.file('checkpoints', name)} (train anew, then delete it)`,
    ),
    ...sets.map((set) => `a purified set outside of the workspace: ${set}`),
    ...changedReports.map((file) => `a report that was changed since it was written: ${file}`),
    `the originals: ${readFact(workspace, 'source')}`,
    'what was exported, copied or backed up elsewhere',
    ...(clean
      ? []
      : ['the log of the database: another process reads it; end that (a review?), then forget anything again']),
  ];
}
