import type { VerdictName } from '../core/records.js';
import { appendIdentityVerdict, type IdentityVerdictName } from './identity-verdicts.js';
import { appendVerdicts } from './verdicts.js';
import type { Workspace } from './workspace.js';

interface Said {
  batch: number;
  of: 'image' | 'identity';
  subject: string; // path, or name
  verdict: VerdictName | IdentityVerdictName | null;
  target: string | null;
  reviewer: string;
  undoes: number | null;
}

/** What was taken back, or would be: images by path, or a name. */
export interface TakenBack {
  paths: string[];
  identity: string | null;
  done: boolean;
}

/**
 * Takes back what `reviewer` said last: what held before holds again, as new rows. Called again it goes one step further
 * back, and what somebody else has said since stays. Returns null when there is nothing left.
 * @param most nothing is done where more images than this were spoken of at once, as by an import
 */
export function takeBackLast(workspace: Workspace, reviewer: string, most = Infinity): TakenBack | null {
  const live = liveRows(everythingSaid(workspace));
  const standing = new Map(live.map((row) => [subjectOf(row), row]));
  const mine = [...standing.values()].filter((row) => row.reviewer === reviewer);
  const batch = mine.reduce((last, row) => Math.max(last, row.batch), 0);
  if (batch === 0) return null;
  const taken = mine.filter((row) => row.batch === batch);
  if (taken.length > most) return { paths: taken.map(({ subject }) => subject), identity: null, done: false };
  const before = new Map(live.filter((row) => row.batch < batch).map((row) => [subjectOf(row), row]));
  const restored = taken.map((row) => {
    const { verdict = null, target = null } = before.get(subjectOf(row)) ?? {};
    return { subject: row.subject, verdict, target };
  });
  if (taken[0].of === 'identity') {
    const [{ subject, verdict }] = restored;
    appendIdentityVerdict(workspace, subject, verdict as IdentityVerdictName | null, reviewer, batch);
    return { paths: [], identity: subject, done: true };
  }
  const rows = restored.map(({ subject, verdict, target }) => ({
    path: subject,
    verdict: verdict as VerdictName | null,
    identity: target,
  }));
  appendVerdicts(workspace, rows, reviewer, batch);
  return { paths: rows.map(({ path }) => path), identity: null, done: true };
}

const subjectOf = ({ of, subject }: Said): string => `${of} ${subject}`;

const everythingSaid = (workspace: Workspace): Said[] =>
  workspace.database
    .prepare(
      `SELECT batch, id, 'image' AS "of", path AS subject, verdict, identity AS target, reviewer, undoes FROM verdicts
       UNION ALL
       SELECT batch, id, 'identity', identity, verdict, NULL, reviewer, undoes FROM identity_verdicts
       ORDER BY batch, id`,
    )
    .all() as Said[];

/** Rows that were not taken back, without those that only take something back. An undo can be undone itself. */
function liveRows(rows: readonly Said[]): Said[] {
  const undone = new Set<number>();
  for (const { batch, undoes } of rows.toReversed()) if (undoes !== null && !undone.has(batch)) undone.add(undoes);
  return rows.filter(({ batch, undoes }) => undoes === null && !undone.has(batch));
}
