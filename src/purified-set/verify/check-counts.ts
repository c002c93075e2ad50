import type { LedgerRow } from '../ledger.js';
import { type Finding, finding } from './finding.js';
import { type LabelRow, placedRows, SHEET } from './written-set.js';

/**
 * Whether the datasheet's counts are those of the ledger. Of a set that was extended only `images` is about all of it;
 * the others tell what was added last. Sets of earlier versions count duplicates as dropped.
 */
export function checkCounts(
  counts: Readonly<Record<string, number>>,
  ledger: readonly LedgerRow[],
  labels: readonly LabelRow[],
): Finding[] {
  const placed = placedRows(ledger);
  const kept = ledger.filter(({ new_path }) => new_path !== '');
  const left = ledger.filter(
    ({ new_path, decision }) => new_path === '' && !['unreadable', 'skipped'].includes(decision),
  );
  const duplicates = left.filter(({ decision }) => decision === 'duplicate').length;
  const whole = {
    kept: kept.length,
    ...('duplicates' in counts ? { dropped: left.length - duplicates, duplicates } : { dropped: left.length }),
    relabelled: kept.filter(({ decision }) => decision === 'relabel').length,
    identities: new Set(kept.map(({ new_identity }) => new_identity)).size,
    emptied: labels.filter(({ new_label, becomes }) => new_label === '' && !becomes).length,
  };
  const actual = { images: placed.size, ...(counts.kept === counts.images && whole) };
  return Object.entries(actual)
    .filter(([name, count]) => counts[name] !== count)
    .map(([name, count]) => finding('counts', SHEET, `${name}: ${counts[name]}; ${count} by the ledger`));
}
