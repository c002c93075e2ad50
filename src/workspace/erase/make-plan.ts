import { existsSync, lstatSync, readdirSync, statSync } from 'node:fs';
import { relative } from 'node:path';
import { isOnlyName } from '../../core/shred.js';
import { cropBytes } from '../../core/crop-geometry.js';
import { CropReader, requireCrops } from '../../images/crop-file.js';
import { cropFileOf, cropGeometryOf, currentFingerprint } from '../dataset.js';
import { countImages, croppedImages, identitiesOf } from '../images.js';
import { writtenReports } from '../reports.js';
import { allRuns } from '../runs.js';
import { readFact, type Workspace } from '../workspace.js';
import { checkpointActions } from './checkpoint-actions.js';
import { countDerived, madeAgain, purifiedSets, reportsElsewhere } from './derived-files.js';
import { embeddingActions } from './embedding-actions.js';
import type { Plan, Rewrite } from './plan.js';
import { nothingForgotten } from './result.js';
import type { Deleted } from './scrub-records.js';
import { type Going, switchRecords } from './switch-records.js';
import type { Targets } from './resolve-targets.js';

/**
 * What will be done, and what that comes to. Everything that can fail for good is tried here, before anything is touched.
 * @throws FormatError when the crop file is cut short: nobody could say then whose crops are whose
 */
export function makePlan(workspace: Workspace, targets: Targets, names: readonly string[], reason: string): Plan {
  const { identities } = targets;
  const images = targets.images.map(({ id, path, identity, sha256 }) => ({ id, path, identity, sha256 }));
  const slotsOf = workspace.database.prepare('SELECT slot FROM crops WHERE image = ?').pluck();
  const slots = images.flatMap(({ id }) => slotsOf.all(id) as number[]).sort((a, b) => a - b);
  const going: Going = { images, identities, slots, dataset: currentFingerprint(workspace), reason };
  const rehearsal = rehearse(workspace, () => ({
    deleted: switchRecords(workspace, going),
    after: currentFingerprint(workspace),
  }));
  const actions = actionsOf(workspace, going, rehearsal.after);
  const sets = purifiedSets(workspace);
  const below = (file: string): string => relative(workspace.folder, file);
  const plan: Omit<Plan, 'result'> = {
    ...{ version: 1, step: 'planned', names: [...names], reason, images, identities, slots },
    ...{ dataset: going.dataset, crops: countImages(workspace).crops, size: cropGeometryOf(workspace).size },
    rewrites: actions.rewrites.map((rewrite): Rewrite =>
      rewrite.kind === 'embeddings'
        ? { ...rewrite, file: below(rewrite.file), becomes: below(rewrite.becomes) }
        : { ...rewrite, file: below(rewrite.file) },
    ),
    whole: actions.whole.map(below),
    ...{ centres: actions.centres, positions: actions.positions },
    ...{ sets: sets.inside, reports: reportsElsewhere(workspace) },
  };
  return { ...plan, result: resultOf(workspace, plan, targets, rehearsal.deleted, sets.outside, actions) };
}

/** What `work` returns, with nothing of it done. */
function rehearse<R>({ database }: Workspace, work: () => R): R {
  database.exec('BEGIN');
  try {
    return work();
  } finally {
    database.exec('ROLLBACK');
  }
}

interface Actions extends Pick<Plan, 'rewrites' | 'whole' | 'centres' | 'positions'> {
  unreadable: string[];
}

/** What becomes of every file with a row or a name an image. Whole paths. */
function actionsOf(workspace: Workspace, { images, identities, slots, dataset }: Going, after: string): Actions {
  const ids = new Set(images.map(({ id }) => id));
  const before = croppedImages(workspace);
  const left = new Set(identitiesOf(before.filter(({ id }) => !ids.has(id))));
  const centres = [...new Set([...identities, ...identitiesOf(before).filter((identity) => !left.has(identity))])];
  const positions = before.flatMap(({ id }, position) => (ids.has(id) ? [position] : []));
  const gone = { centres: new Set(centres), positions, images: before.length, dataset };
  const runs = allRuns(workspace);
  const checkpoints = checkpointActions(workspace, runs, gone);
  const { crops } = countImages(workspace);
  const embeddings = embeddingActions(workspace, runs, crops, dataset, after);
  const known = slots.length === 0 ? [] : embeddings;
  return {
    rewrites: [
      ...cropRewrite(workspace, crops, slots.length),
      ...known.flatMap(({ file, becomes }): Rewrite[] => (becomes ? [{ kind: 'embeddings', file, becomes }] : [])),
      ...checkpoints.rewrites,
    ],
    whole: [
      ...embeddings.filter(({ becomes }) => becomes === undefined).map(({ file }) => file),
      ...checkpoints.whole,
      ...checkpoints.unreadable,
    ],
    ...{ centres, positions },
    unreadable: [...checkpoints.unreadable, ...known.filter(({ damaged }) => damaged).map(({ file }) => file)],
  };
}

/** The crop file, when crops go out of it or an interrupted ingest left some behind the last that count. @throws FormatError */
function cropRewrite(workspace: Workspace, crops: number, going: number): Rewrite[] {
  const file = cropFileOf(workspace);
  if (crops === 0 && !existsSync(file)) return [];
  const { size } = cropGeometryOf(workspace);
  requireCrops(file, size, crops);
  new CropReader(file, size).close(); // it may be damaged otherwise
  return going > 0 || statSync(file).size > crops * cropBytes(size) ? [{ kind: 'crops', file }] : [];
}

function resultOf(
  workspace: Workspace,
  plan: Omit<Plan, 'result'>,
  { copies, alike, already }: Targets,
  deleted: Deleted,
  setsOutside: readonly string[],
  { rewrites, whole, unreadable }: Actions,
): Plan['result'] {
  const files = rewrites.filter(({ kind }) => kind === 'embeddings').length;
  const folders = [...madeAgain, ...plan.sets].map((name) => workspace.file(name));
  const linked = [
    ...[...rewrites.map(({ file }) => file), ...whole].filter((file) => !isOnlyName(file)),
    ...folders.filter((path) => lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink()),
  ];
  return {
    ...nothingForgotten,
    ...{ identities: plan.identities.length, images: plan.images.length, paths: plan.images.map(({ path }) => path) },
    ...{ crops: plan.slots.length, embeddings: files * plan.slots.length },
    embeddingFiles: plan.whole.filter((file) => file.startsWith('embeddings')).length,
    ...{ decisions: deleted.decisions, verdicts: deleted.verdicts + deleted.identity_verdicts },
    ...{ proposals: deleted.identity_proposals, reports: countDerived(workspace), purified: plan.sets.length },
    ...{ copies, alike, already, unreadable },
    left: whatIsLeft(workspace, setsOutside, linked, plan.whole),
  };
}

function whatIsLeft(
  workspace: Workspace,
  sets: readonly string[],
  linked: readonly string[],
  whole: readonly string[],
): string[] {
  const folder = workspace.file('checkpoints');
  const checkpoints = existsSync(folder) ? readdirSync(folder) : [];
  const stay = checkpoints.map((name) => workspace.file('checkpoints', name));
  const goes = new Set(whole.map((file) => workspace.file(file)));
  return [
    ...stay
      .filter((file) => !goes.has(file) && file.endsWith('.safetensors'))
      .map((file) => `what the network learnt: ${file} (train again, then delete it)`),
    ...linked.map((file) => `what lies behind a link, or under another name of the same file: ${file}`),
    ...sets.map((set) => `a purified set outside of the workspace: ${set}`),
    ...writtenReports(workspace).changed.map((file) => `a report that was changed since it was written: ${file}`),
    `the originals: ${readFact(workspace, 'source')}`,
    'what was exported, copied or backed up elsewhere',
  ];
}
