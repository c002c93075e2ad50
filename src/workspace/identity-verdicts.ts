import type { IdentityVerdict } from '../core/records.js';
import { nextBatch } from './verdicts.js';
import type { Workspace } from './workspace.js';

export type IdentityVerdictName = IdentityVerdict['verdict'];

interface IdentityVerdictRow {
  identity: string;
  verdict: IdentityVerdictName | null;
  reviewer: string;
  given_at: string;
}

/** The verdict that holds for each name a person spoke of, by name: the last one given and not taken back. */
export function currentIdentityVerdicts(workspace: Workspace): Map<string, IdentityVerdict> {
  const rows = workspace.database
    .prepare(
      `SELECT * FROM identity_verdicts WHERE id IN (SELECT MAX(id) FROM identity_verdicts GROUP BY identity)
       ORDER BY identity`,
    )
    .all() as IdentityVerdictRow[];
  return new Map(
    rows.flatMap(({ identity, verdict, reviewer, given_at }) =>
      verdict === null ? [] : [[identity, { identity, verdict, reviewer, givenAt: given_at }]],
    ),
  );
}

/** Appends the verdict, or that there is none any more (null). Says whether that changed anything. */
export function giveIdentityVerdict(
  workspace: Workspace,
  identity: string,
  verdict: IdentityVerdictName | null,
  reviewer: string,
): boolean {
  const held = currentIdentityVerdicts(workspace).get(identity)?.verdict ?? null;
  if (held === verdict) return false;
  appendIdentityVerdict(workspace, identity, verdict, reviewer);
  return true;
}

/** @param undoes the batch that this row takes back */
export function appendIdentityVerdict(
  workspace: Workspace,
  identity: string,
  verdict: IdentityVerdictName | null,
  reviewer: string,
  undoes: number | null = null,
): void {
  workspace.database.transaction(() => {
    workspace.database
      .prepare(
        `INSERT INTO identity_verdicts (batch, identity, verdict, reviewer, given_at, undoes)
         VALUES (?, ?, ?, ?, ?, ?)`,
      )
      .run(nextBatch(workspace), identity, verdict, reviewer, new Date().toISOString(), undoes);
  })();
}
