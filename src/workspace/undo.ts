import type { NameVerdict } from '../identities/names/name-verdicts.js';
import { questionOf } from '../identities/names/name-verdicts.js';
import type { VerdictName } from '../core/records.js';
import { appendIdentityVerdict, type IdentityVerdictName } from './identity-verdicts.js';
import { liveRows } from './live-batches.js';
import { nameVerdictRows, takeBackNameVerdicts } from './name-verdicts.js';
import { appendVerdicts } from './verdicts.js';
import type { Workspace } from './workspace.js';

interface Said {
  batch: number;
  of: 'image' | 'identity' | 'names';
  subject: string; // path, name, or the question that a verdict on names answers
  verdict: VerdictName | IdentityVerdictName | null;
  target: string | null;
  face?: number | null;
  faceBox?: string | null;
  names?: NameVerdict;
  reviewer: string;
  undoes: number | null;
}

/** What was taken back, or would be: images by path, a name, or verdicts on names. */
export interface TakenBack {
  paths: string[];
  identity: string | null;
  names: NameVerdict[];
  done: boolean;
}

export interface TakeBackOptions {
  /** Nothing is done where more than this was spoken of at once, as by an import. */
  most?: number;
  /** Only what was said of names. */
  onlyNames?: boolean;
  /** Also what others said. */
  ofAnybody?: boolean;
}

/**
 * Takes back what `reviewer` said last: what held before holds again, as new rows. Called again it goes one step further
 * back, and what somebody else has said since stays. Returns null when there is nothing left.
 * @param options.ofAnybody takes back what was said last, whoever said it; `reviewer` is who takes it back
 */
export function takeBackLast(
  workspace: Workspace,
  reviewer: string,
  { most = Infinity, onlyNames = false, ofAnybody = false }: TakeBackOptions = {},
): TakenBack | null {
  const live = liveRows(everythingSaid(workspace));
  const standing = new Map(live.map((row) => [subjectOf(row), row]));
  const mine = [...standing.values()].filter(
    (row) => (ofAnybody || row.reviewer === reviewer) && !(onlyNames && row.of === 'image'),
  );
  const batch = mine.reduce((last, row) => Math.max(last, row.batch), 0);
  if (batch === 0) return null;
  const taken = mine.filter((row) => row.batch === batch);
  const told = toldOf(taken);
  if (taken.length > most) return { ...told, done: false };
  const before = new Map(live.filter((row) => row.batch < batch).map((row) => [subjectOf(row), row]));
  restore(workspace, taken, before, reviewer, batch);
  return { ...told, done: true };
}

const toldOf = (taken: readonly Said[]): Omit<TakenBack, 'done'> => ({
  paths: taken.flatMap(({ of, subject }) => (of === 'image' ? subject : [])),
  identity: taken.find(({ of }) => of === 'identity')?.subject ?? null,
  names: taken.flatMap(({ names }) => names ?? []),
});

/** @param before what each subject was said of before */
function restore(
  workspace: Workspace,
  taken: readonly Said[],
  before: ReadonlyMap<string, Said>,
  reviewer: string,
  batch: number,
): void {
  const [first] = taken;
  if (first.of === 'names') return takeBackNameVerdicts(workspace, batch, reviewer);
  const restored = taken.map((row) => {
    const { verdict = null, target = null, face = null, faceBox = null } = before.get(subjectOf(row)) ?? {};
    return { subject: row.subject, verdict, target, face, faceBox };
  });
  if (first.of === 'identity') {
    const [{ subject, verdict }] = restored;
    return appendIdentityVerdict(workspace, subject, verdict as IdentityVerdictName | null, reviewer, batch);
  }
  const rows = restored.map(({ subject, verdict, target, face, faceBox }) => ({
    ...{ path: subject, identity: target, face, faceBox },
    verdict: verdict as VerdictName | null,
  }));
  appendVerdicts(workspace, rows, reviewer, batch);
}

const subjectOf = ({ of, subject }: Said): string => `${of} ${subject}`;

/** All rows of all tables, in the order of their batches. */
function everythingSaid(workspace: Workspace): Said[] {
  const rows = workspace.database
    .prepare(
      `SELECT batch, id, 'image' AS "of", path AS subject, verdict, identity AS target, reviewer, undoes,
              face, face_box AS faceBox
       FROM verdicts
       UNION ALL
       SELECT batch, id, 'identity', identity, verdict, NULL, reviewer, undoes, NULL, NULL FROM identity_verdicts
       ORDER BY batch, id`,
    )
    .all() as Said[];
  const ofNames = nameVerdictRows(workspace).map(({ verdict, batch, reviewer, undoes }): Said => ({
    ...{ batch, of: 'names', subject: verdict ? questionOf(verdict) : '', verdict: null, target: null },
    ...{ reviewer, undoes, ...(verdict && { names: verdict }) },
  }));
  return [...rows, ...ofNames].sort((a, b) => a.batch - b.batch); // the sort is stable, and a batch is of one table
}
