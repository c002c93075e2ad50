import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { FacesieveError } from '../core/errors.js';
import { compareWithChecksum } from '../core/safetensors.js';
import { explainSystemError } from '../core/system-errors.js';
import { savedIndexProblem } from '../index/saved-index.js';
import { findDamagedCrops } from './check-crops.js';
import { integrityProblems } from './database.js';
import { checkpointFileOf } from './runs.js';
import { INDEX_FOLDER, readFact, type Workspace } from './workspace.js';
import { quantity } from '../core/text/quantity.js';

export const workspaceFindingSchema = z.object({
  /** `damaged` and `missing` make the workspace unusable in part; `unchecked` and `readable-by-others` do not. */
  kind: z.enum(['damaged', 'missing', 'unchecked', 'readable-by-others']),
  /** Below the workspace. */
  path: z.string(),
  detail: z.string(),
});
export type WorkspaceFinding = z.infer<typeof workspaceFindingSchema>;

/** Whether the findings mean that a stage would fail. */
export const isSound = (findings: readonly WorkspaceFinding[]): boolean =>
  findings.every(({ kind }) => kind === 'unchecked' || kind === 'readable-by-others');

/** Reads all of a workspace and compares it with what was written: database, crops, embeddings, checkpoints, rights. */
export function checkWorkspace(workspace: Workspace): WorkspaceFinding[] {
  const problems = integrityProblems(workspace.database);
  if (problems.length > 0)
    return [{ kind: 'damaged', path: 'facesieve.db', detail: `SQLite: ${problems.slice(0, 3).join('; ')}` }];
  return [
    ...checkCrops(workspace),
    ...['embeddings', 'checkpoints'].flatMap((folder) => checkTensorFiles(workspace, folder)),
    ...checkSavedIndex(workspace),
    ...missingCheckpoints(workspace),
    ...readableByOthers(workspace),
  ];
}

const ingestAgain = '`facesieve ingest SOURCE --force` makes the crops again';

function checkCrops(workspace: Workspace): WorkspaceFinding[] {
  if (readFact(workspace, 'crop') === undefined) return [];
  const path = 'crops/crops.u8';
  const { paths, unchecked } = findDamagedCrops(workspace);
  const images = `not what ingest wrote: ${quantity(paths.length, 'crop')}, such as that of "${paths[0]}"; ${ingestAgain}`;
  return [
    ...(paths.length > 0 ? [{ kind: 'damaged' as const, path, detail: images }] : []),
    ...(unchecked > 0
      ? [
          {
            kind: 'unchecked' as const,
            path,
            detail: `without a checksum: ${quantity(unchecked, 'crop')} of an earlier version`,
          },
        ]
      : []),
  ];
}

function checkTensorFiles(workspace: Workspace, folder: string): WorkspaceFinding[] {
  const stage = folder === 'embeddings' ? 'embed' : 'train';
  const root = workspace.file(folder);
  const files = existsSync(root) ? readdirSync(root).filter((name) => name.endsWith('.safetensors')) : [];
  return files.sort().flatMap((name): WorkspaceFinding[] => {
    const path = `${folder}/${name}`;
    const found = compared(join(root, name));
    if (found === 'same') return [];
    if (found === 'unknown')
      return [{ kind: 'unchecked', path, detail: 'an earlier version wrote it without a checksum' }];
    return [{ kind: 'damaged', path, detail: `${found}; \`facesieve ${stage} --force\` writes it again` }];
  });
}

function checkSavedIndex(workspace: Workspace): WorkspaceFinding[] {
  const problem = savedIndexProblem(workspace.file(INDEX_FOLDER));
  if (problem === undefined) return [];
  const detail = `${problem}; \`facesieve index build --force\` writes it again`;
  return [{ kind: 'damaged', path: INDEX_FOLDER, detail }];
}

function compared(file: string): string {
  try {
    const state = compareWithChecksum(file);
    return state === 'differs' ? 'its bytes are not those that were written' : state;
  } catch (raised) {
    const error = explainSystemError(raised);
    if (error instanceof FacesieveError) return error.message;
    throw error;
  }
}

/** A finished training leaves a checkpoint. */
function missingCheckpoints(workspace: Workspace): WorkspaceFinding[] {
  const runs = workspace.database
    .prepare("SELECT key FROM stages WHERE stage IN ('train', 'retrain') ORDER BY key")
    .pluck()
    .all() as string[];
  return runs
    .filter((run) => !existsSync(checkpointFileOf(workspace, run)))
    .map((run) => ({
      kind: 'missing' as const,
      path: `checkpoints/${run}.safetensors`,
      detail: 'the training is recorded, its network is gone; `facesieve train --force` makes it again',
    }));
}

const OTHERS = 0o077;

function readableByOthers(workspace: Workspace): WorkspaceFinding[] {
  if (process.platform === 'win32' || (statSync(workspace.folder).mode & OTHERS) === 0) return []; // nobody gets past it
  const open = ['facesieve.db', 'crops', 'embeddings', 'checkpoints', INDEX_FOLDER, 'reports', 'purified'].filter(
    (name) => ((statSync(workspace.file(name), { throwIfNoEntry: false })?.mode ?? 0) & OTHERS) !== 0,
  );
  const detail = `other users of this machine can read it; chmod -R go= '${workspace.folder}'`;
  return open.map((path) => ({ kind: 'readable-by-others', path, detail }));
}
