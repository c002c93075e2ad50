import {
  type GivenNameVerdict,
  type NameVerdict,
  nameVerdictSchema,
  questionOf,
} from '../identities/names/name-verdicts.js';
import { fingerprint } from '../core/fingerprint.js';
import { liveRows } from './live-batches.js';
import { nextBatch } from './verdicts.js';
import type { Workspace } from './workspace.js';

/** A row of the table; without a verdict it takes back the batch `undoes`. */
export interface NameVerdictRow {
  batch: number;
  verdict: NameVerdict | null;
  reviewer: string;
  given_at: string;
  undoes: number | null;
}

/** Every row, in the order they were written. One that `forget` left nothing of is left out. */
export const nameVerdictRows = (workspace: Workspace): NameVerdictRow[] =>
  (
    workspace.database.prepare('SELECT * FROM name_verdicts ORDER BY id').all() as (Omit<NameVerdictRow, 'verdict'> & {
      verdict: string | null;
    })[]
  ).flatMap((row): NameVerdictRow[] => {
    if (row.verdict === null) return row.undoes === null ? [] : [{ ...row, verdict: null }];
    const parsed = nameVerdictSchema.safeParse(JSON.parse(row.verdict));
    return parsed.success ? [{ ...row, verdict: parsed.data }] : [];
  });

/**
 * The verdicts on names that hold, in order. A later answer to the same question takes the place of the earlier one, also
 * in the order: what was said meanwhile was said of its outcome.
 */
export function currentNameVerdicts(workspace: Workspace): GivenNameVerdict[] {
  const byQuestion = new Map<string, GivenNameVerdict>();
  for (const { verdict, batch, reviewer, given_at } of liveRows(nameVerdictRows(workspace))) {
    if (verdict === null) continue;
    const question = questionOf(verdict);
    const place = byQuestion.get(question)?.batch ?? batch;
    byQuestion.set(question, { verdict, reviewer, givenAt: given_at, batch: place });
  }
  return [...byQuestion.values()];
}

/** Grows with everything that is said of names. */
export const countNameVerdicts = ({ database }: Workspace): number =>
  database.prepare('SELECT count(*) FROM name_verdicts').pluck().get() as number;

/** Appends those verdicts that change something, as one batch or not at all. Returns how many. */
export function giveNameVerdicts(
  workspace: Workspace,
  verdicts: readonly (NameVerdict | { verdict: NameVerdict; reviewer: string })[],
  reviewer: string,
): number {
  const held = new Map(
    currentNameVerdicts(workspace).map(({ verdict }) => [questionOf(verdict), fingerprint(verdict)]),
  );
  const given = verdicts.map((said) => ('verdict' in said ? said : { verdict: said, reviewer }));
  const changed = given.filter(({ verdict }) => held.get(questionOf(verdict)) !== fingerprint(verdict));
  workspace.database.transaction(() => {
    const batch = nextBatch(workspace);
    for (const { verdict, reviewer: by } of changed) append(workspace, batch, JSON.stringify(verdict), by, null);
  })();
  return changed.length;
}

/** Appends that everything of batch `undoes` on names is taken back. */
export function takeBackNameVerdicts(workspace: Workspace, undoes: number, reviewer: string): void {
  workspace.database.transaction(() => append(workspace, nextBatch(workspace), null, reviewer, undoes))();
}

function append(
  { database }: Workspace,
  batch: number,
  verdict: string | null,
  reviewer: string,
  undoes: number | null,
): void {
  database
    .prepare('INSERT INTO name_verdicts (batch, verdict, reviewer, given_at, undoes) VALUES (?, ?, ?, ?, ?)')
    .run(batch, verdict, reviewer, new Date().toISOString(), undoes);
}
