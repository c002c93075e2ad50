import type { Decision } from '../../core/records.js';
import { rounded } from '../annotations/decision-table.js';
import { writeCsv } from '../csv.js';

/** Columns of decisions made from features alone: those of decisions.csv that are known then. */
const columns = [
  'path',
  'identity',
  'decision',
  'suggested_identity',
  'p_noise',
  'reason',
  'neighbour_agreement',
  'rival_identity',
  'rival_cos',
] as const;

/** How decisions are written. */
export const decisionListFormats = ['csv', 'jsonl'] as const;
export type DecisionListFormat = (typeof decisionListFormats)[number];

/**
 * Returns the text of a file of decisions, one line per image in the order of the features.
 *
 * @param decisions (N)
 * @param labels (N), the identity of each image
 */
export function decisionList(
  decisions: readonly Decision[],
  labels: readonly string[],
  format: DecisionListFormat,
): string {
  const records = decisions.map(({ path, decision, suggestedIdentity, pNoise, reason, evidence }, i) => ({
    path,
    identity: labels[i],
    decision,
    suggested_identity: suggestedIdentity,
    p_noise: rounded(pNoise),
    reason,
    neighbour_agreement: rounded(evidence.neighbourAgreement),
    rival_identity: evidence.rivalIdentity,
    rival_cos: rounded(evidence.rivalCos),
  }));
  return format === 'csv'
    ? writeCsv(columns, records)
    : records.map((record) => `${JSON.stringify(record)}\n`).join('');
}
