import type { Decision, Evidence, ImageRow } from '../../src/core/records.js';
import { writeDecisions } from '../../src/workspace/decisions.js';
import { insertImages } from '../../src/workspace/images.js';
import { recordRun } from '../../src/workspace/runs.js';
import { type Workspace, writeFact } from '../../src/workspace/workspace.js';
import { contextOf } from './context.js';

export const noEvidence: Evidence = {
  ...{ cosOwn: null, cosDominant: 0.5, cosAssigned: null, subcenter: 1, dominantSubcenter: 0, dominantShare: 0.75 },
  ...{ hasDominant: true, neighbourAgreement: null, rivalIdentity: 'B', rivalCos: 0.25, rivalAgreement: null },
  ...{ trainingMargin: null, quality: 1 },
};

export type Decided = Pick<Decision, 'path' | 'decision'> & Partial<Decision>;

/** A workspace as ingest and sift leave it, with these decisions; the identity is the first folder. */
export function decidedWorkspace(folder: string, decided: readonly Decided[], source = '/crawl'): Workspace {
  const { workspace, config } = contextOf(folder);
  const rows = decided.map(({ path }, id): ImageRow => {
    const place = JSON.stringify({ file: `${source}/${path}` });
    const content = { sha256: `${id}`, dhash: `${id}`, width: 32, height: 24 };
    return {
      id,
      path,
      identity: path.split('/')[0],
      ...content,
      slot: id,
      error: null,
      state: 'ok',
      role: 'set',
      place,
    };
  });
  const facts = { sharpness: 1, brightness: 1, contrast: 1 };
  insertImages(
    workspace,
    rows,
    rows.map(({ id }) => ({ slot: id, image: id, face: 0, facts, crc: 0 })),
  );
  writeFact(workspace, 'source', source);
  writeFact(workspace, 'crop', JSON.stringify({ size: 16, align: 'none' }));
  recordRun(workspace, { id: 'sift-1', stage: 'sift', parent: null, config, inputs: {} });
  const rest = { reason: 'its "reason"', suggestedIdentity: null, pNoise: 0.25, evidence: noEvidence };
  writeDecisions(
    workspace,
    'sift-1',
    decided.map((decision) => ({ ...rest, ...decision })),
  );
  writeFact(workspace, 'current:sift', 'sift-1');
  return workspace;
}
