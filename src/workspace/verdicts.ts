import type { NamedByPerson } from '../identities/names/effective-names.js';
import type { GivenVerdict, Verdict } from '../core/decided-image.js';
import type { VerdictName } from '../core/records.js';
import { faceInBox, facesOfImage, storedBox } from './face-boxes.js';
import type { Workspace } from './workspace.js';

interface VerdictRow {
  batch: number;
  path: string;
  verdict: VerdictName | null;
  identity: string | null;
  face: number | null;
  face_box: string | null;
  reviewer: string;
  given_at: string;
}

/** The verdict that holds for each image, by path: the last one given and not taken back. */
export function currentVerdicts(workspace: Workspace): Map<string, GivenVerdict> {
  return new Map(
    heldRows(workspace).map(({ path, verdict, identity, face_box, face_by, reviewer, given_at }) => [
      path,
      {
        ...{ path, verdict, identity, reviewer, givenAt: given_at },
        ...(face_by !== null && face_by !== reviewer && { faceBy: face_by }),
        face: face_box === null ? null : faceInBox(workspace, path, face_box),
      },
    ]),
  );
}

type HeldRow = VerdictRow & {
  verdict: VerdictName;
  /** Who chose the face first: a later verdict keeps the choice. */
  face_by: string | null;
};

function heldRows(workspace: Workspace): HeldRow[] {
  const rows = workspace.database
    .prepare(
      `SELECT held.*, (SELECT reviewer FROM verdicts WHERE path = held.path AND face_box = held.face_box ORDER BY id LIMIT 1) face_by
       FROM verdicts held WHERE id IN (SELECT MAX(id) FROM verdicts GROUP BY path) ORDER BY path`,
    )
    .all() as (HeldRow | (Omit<HeldRow, 'verdict'> & { verdict: null }))[];
  return rows.filter((row): row is HeldRow => row.verdict !== null);
}

/** Paths of images that a person ever said something of, also where it was taken back. */
export const everJudged = ({ database }: Workspace): Set<string> =>
  new Set(database.prepare('SELECT DISTINCT path FROM verdicts').pluck().all() as string[]);

/** Images that people gave to names, and where that stands in the order of all verdicts. */
export const imagesGivenToNames = (workspace: Workspace): NamedByPerson[] =>
  (
    workspace.database
      .prepare(
        `SELECT * FROM verdicts WHERE id IN (SELECT MAX(id) FROM verdicts GROUP BY path)
         AND verdict = 'relabel' AND identity IS NOT NULL ORDER BY id`,
      )
      .all() as (VerdictRow & { identity: string })[]
  ).map(({ path, identity, batch }) => ({ path, identity, batch }));

/** Grows with everything that is said, of images and of names. */
export const countSaid = (workspace: Workspace): number =>
  workspace.database
    .prepare(
      `SELECT (SELECT count(*) FROM verdicts) + (SELECT count(*) FROM identity_verdicts)
            + (SELECT count(*) FROM name_verdicts)`,
    )
    .pluck()
    .get() as number;

const sameVerdict = (a: GivenVerdict | undefined, b: Verdict): boolean =>
  a?.verdict === b.verdict && a.identity === b.identity && (b.face === undefined || a.face === b.face);

/**
 * Appends those verdicts that change something, as one batch or not at all. Returns how many. The face that was chosen stays
 * chosen until another is, or the choice is taken back.
 * @param reviewer whose they are, where a verdict names nobody
 */
export function giveVerdicts(
  workspace: Workspace,
  verdicts: readonly (Verdict & { reviewer?: string })[],
  reviewer: string,
): number {
  const held = currentVerdicts(workspace);
  const changed = verdicts.filter((verdict) => !sameVerdict(held.get(verdict.path), verdict));
  const chosen = new Map(heldRows(workspace).map(({ path, face, face_box }) => [path, { face, faceBox: face_box }]));
  const rows = changed.map((verdict) => ({
    ...verdict,
    ...(choiceOf(workspace, verdict) ?? chosen.get(verdict.path)),
  }));
  appendVerdicts(workspace, rows, reviewer);
  return changed.length;
}

/** The face of a verdict with its box; undefined where the choice stays as it was. */
function choiceOf(workspace: Workspace, { path, face }: Verdict): Pick<VerdictRecord, 'face' | 'faceBox'> | undefined {
  if (face === undefined) return undefined;
  const box = face === null ? undefined : facesOfImage(workspace, path)[face];
  return box === undefined ? { face: null, faceBox: null } : { face, faceBox: storedBox(box) };
}

/** A verdict as it is written; without one it is taken back. */
export type VerdictRecord = Omit<Verdict, 'verdict'> & { verdict: VerdictName | null; faceBox?: string | null };

/** @param undoes the batch that these rows take back */
export function appendVerdicts(
  workspace: Workspace,
  rows: readonly (VerdictRecord & { reviewer?: string })[],
  reviewer: string,
  undoes: number | null = null,
): void {
  const insert = workspace.database.prepare(
    `INSERT INTO verdicts (batch, path, verdict, identity, reviewer, given_at, undoes, face, face_box)
     VALUES (@batch, @path, @verdict, @identity, @reviewer, @now, @undoes, @face, @faceBox)`,
  );
  workspace.database.transaction(() => {
    const batch = nextBatch(workspace);
    const now = new Date().toISOString();
    for (const { path, verdict, identity, face = null, faceBox = null, reviewer: own = reviewer } of rows)
      insert.run({ batch, path, verdict, identity, reviewer: own, now, undoes, face, faceBox });
  })();
}

/** Verdicts on images and on identities are counted together: which was the last is then known. */
export const nextBatch = (workspace: Workspace): number =>
  workspace.database
    .prepare(
      `SELECT 1 + max(coalesce((SELECT max(batch) FROM verdicts), 0),
                      coalesce((SELECT max(batch) FROM identity_verdicts), 0),
                      coalesce((SELECT max(batch) FROM name_verdicts), 0))`,
    )
    .pluck()
    .get() as number;
