import { writeCsv } from '../report/csv.js';
import type { DecidedImage, KeptImage } from '../store/purified-list.js';

/** `label-map.csv`: every old identity with its label before and after; an emptied one has no new label. */
export function labelMap(
  identities: readonly string[],
  kept: readonly KeptImage[],
): { csv: string; emptied: string[] } {
  const counts = new Map<string, number>();
  for (const { finalIdentity } of kept) counts.set(finalIdentity, (counts.get(finalIdentity) ?? 0) + 1);
  const all = [...new Set([...identities, ...counts.keys()])].sort();
  const surviving = all.filter((identity) => counts.has(identity));
  const rows = all.map((identity) => ({
    identity,
    old_label: identities.includes(identity) ? String(identities.indexOf(identity)) : '',
    new_label: counts.has(identity) ? String(surviving.indexOf(identity)) : '',
    images: String(counts.get(identity) ?? 0),
  }));
  const csv = writeCsv(['identity', 'old_label', 'new_label', 'images'], rows);
  return { csv, emptied: identities.filter((identity) => !counts.has(identity)) };
}

const ledgerColumns = ['path', 'identity', 'decision', 'by', 'reason', 'new_path', 'new_identity', 'sha256', 'run'];

/** `ledger.csv`: what became of every image, who decided it and why. @param newPaths by old path */
export function ledger(images: readonly DecidedImage[], newPaths: ReadonlyMap<string, string>, run: string): string {
  const rows = images.map(({ image, final, finalIdentity, verdict, reason }) => ({
    path: image.path,
    identity: image.identity,
    decision: final,
    by: verdict ? verdict.reviewer : 'facesieve',
    reason: verdict ? `verdict of ${verdict.reviewer}` : reason,
    new_path: newPaths.get(image.path) ?? '',
    new_identity: finalIdentity ?? '',
    sha256: image.sha256,
    run,
  }));
  return writeCsv(ledgerColumns, rows);
}
