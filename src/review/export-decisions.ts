import type { DecisionName } from '../core/records.js';
import { readPurifiedList } from '../store/purified-list.js';
import type { Workspace } from '../store/workspace.js';
import { decisionRecord } from './decision-table.js';
import { decisionFormats } from './formats.js';

export interface ExportedDecisions {
  text: string;
  rows: number;
}

/** Decisions of the current sift run, sorted by path. @param only these decisions; all when undefined */
export function exportDecisions(
  workspace: Workspace,
  format: string,
  only?: readonly DecisionName[],
): ExportedDecisions {
  const { images, siftRun } = readPurifiedList(workspace);
  const records = images
    .filter(({ decision }) => !only || only.includes(decision))
    .map((image) => decisionRecord(image, siftRun));
  return { text: decisionFormats.find(({ name }) => name === format)!.write(records), rows: records.length };
}
