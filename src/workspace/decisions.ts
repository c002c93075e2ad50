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
  return rows.map(decisionOf);
}

/** The decision of `run` on one image. */
export function findDecision(workspace: Workspace, run: string, path: string): Decision | undefined {
  const row = workspace.database.prepare('SELECT * FROM decisions WHERE run = ? AND path = ?').get(run, path);
  return row === undefined ? undefined : decisionOf(row as DecisionRow);
}

const decisionOf = (row: DecisionRow): Decision => ({
  path: row.path,
  decision: row.decision,
  reason: row.reason,
  suggestedIdentity: row.suggested_identity,
  pNoise: row.p_noise,
  evidence: JSON.parse(row.evidence) as Evidence,
});

/** What was decided of an image that is there, without the evidence: small enough to keep of all images. */
export interface DecisionHead {
  /** Id of the image. */
  id: number;
  path: string;
  identity: string;
  decision: Decision['decision'];
  pNoise: number | null;
  /** The face that was judged, from 0; null where none was looked for. */
  face: number | null;
  /** How many were found. */
  faces: number | null;
}

/** Decisions of `run` on images of now, by path. */
export const decisionHeads = (workspace: Workspace, run: string): DecisionHead[] =>
  workspace.database
    .prepare(
      `SELECT images.id, decisions.path, images.identity, decisions.decision, decisions.p_noise AS pNoise,
              json_extract(evidence, '$.face') AS face, json_extract(evidence, '$.faces') AS faces
       FROM decisions JOIN images ON images.path = decisions.path
       WHERE decisions.run = ? AND images.slot IS NOT NULL AND images.role = 'set' ORDER BY decisions.path`,
    )
    .all(run) as DecisionHead[];
