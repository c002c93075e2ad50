import type { Decision, Evidence } from '../core/records.js';
import type { Workspace } from './workspace.js';

interface DecisionRow {
  path: string;
  decision: Decision['decision'];
  reason: string;
  suggested_identity: string | null;
  p_noise: number | null;
  evidence: string;
}

/** Writes all decisions of `run`, replacing what that run decided before, or none of them. */
export function writeDecisions(workspace: Workspace, run: string, decisions: readonly Decision[]): void {
  const insert = workspace.database.prepare('INSERT INTO decisions VALUES (?, ?, ?, ?, ?, ?, ?)');
  workspace.database.transaction(() => {
    workspace.database.prepare('DELETE FROM decisions WHERE run = ?').run(run);
    for (const d of decisions)
      insert.run(run, d.path, d.decision, d.reason, d.suggestedIdentity, d.pNoise, JSON.stringify(d.evidence));
  })();
}

/** Decisions of `run`, by path. */
export function readDecisions(workspace: Workspace, run: string): Decision[] {
  const rows = workspace.database
    .prepare('SELECT * FROM decisions WHERE run = ? ORDER BY path')
    .all(run) as DecisionRow[];
  return rows.map((row) => ({
    path: row.path,
    decision: row.decision,
    reason: row.reason,
    suggestedIdentity: row.suggested_identity,
    pNoise: row.p_noise,
    evidence: JSON.parse(row.evidence) as Evidence,
  }));
}
