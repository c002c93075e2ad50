import type { EffectiveNames } from '../identities/names/effective-names.js';
import { nameVerdictWords } from '../identities/names/name-verdict-words.js';
import type { ImageRow } from '../core/records.js';
import { writeCsv } from '../formats/csv.js';
import { type DecidedImage, isDecisive, reasonOf } from '../core/decided-image.js';
import type { Arrangement } from './arrange.js';

/** How names of the set and names as found belong together. */
export interface NamesOverTime {
  /** What a name is called now. */
  becomes(name: string): string | undefined;
  /** The name as found that most images of a new name have. */
  was(name: string): string | undefined;
}

const unchanged: NamesOverTime = { becomes: (name) => name, was: () => undefined };

/**
 * `label-map.csv`: every identity with its label before and after and its folder; an emptied one has no new label.
 * `becomes` is what people have called the identity since, with that one's label; `was` is what a new name's images were
 * found under.
 * @param before labels as they were found
 */
export function labelMap(
  before: readonly string[],
  { identities, folders, images }: Arrangement,
  names: NamesOverTime = unchanged,
): string {
  const counts = new Map<string, number>();
  for (const { identity } of images) counts.set(identity, (counts.get(identity) ?? 0) + 1);
  const oldLabel = new Map(before.map((identity, label) => [identity, String(label)]));
  const newLabel = new Map(identities.map((identity, label) => [identity, String(label)]));
  const rows = [...new Set([...before, ...identities])].sort().map((identity) => ({
    identity,
    old_label: oldLabel.get(identity) ?? '',
    new_label: newLabel.get(identity) ?? '',
    images: String(counts.get(identity) ?? 0),
    folder: folders.get(identity) ?? '',
    ...becoming(identity),
    was: oldLabel.has(identity) ? '' : (names.was(identity) ?? ''),
  }));
  return writeCsv([...labelColumns], rows);

  function becoming(identity: string) {
    const now = newLabel.has(identity) && !oldLabel.has(identity) ? identity : (names.becomes(identity) ?? '');
    const label = newLabel.get(now);
    return { becomes: label === undefined ? '' : now, becomes_label: label ?? '' };
  }
}

const labelColumns = [
  ...(['identity', 'old_label', 'new_label', 'images', 'folder'] as const),
  ...(['becomes', 'becomes_label', 'was'] as const),
];

export const ledgerColumns = [
  'path',
  'identity',
  'decision',
  'by',
  'reason',
  'new_path',
  'new_identity',
  'sha256',
  'run',
  'new_sha256',
] as const;
/** `new_sha256` is of the bytes in the set; '' where nothing was written, absent from sets of earlier versions. */
export type LedgerRow = Record<Exclude<(typeof ledgerColumns)[number], 'new_sha256'>, string> & { new_sha256?: string };

/** Of the bytes that were written for `row`, if they are known: originals are written as they are. */
export const writtenHash = ({ sha256, new_sha256 }: LedgerRow, crops: boolean): string | undefined =>
  new_sha256 || (crops ? undefined : sha256 || undefined);

/** What became of every image that was decided on, and who decided it. @param newPaths by old path */
export const decidedRows = (
  images: readonly DecidedImage[],
  newPaths: ReadonlyMap<string, string>,
  run: string,
  names: EffectiveNames,
): LedgerRow[] =>
  images.map(({ image, final, finalIdentity, verdict, reason, evidence }) => ({
    path: image.path,
    identity: image.identity,
    decision: final,
    by: isDecisive(verdict) ? verdict.reviewer : 'facesieve',
    reason: [reasonOf({ verdict, reason, evidence }), ...nameVerdictWords(names.verdictsOn(image.path))].join('; '),
    new_path: newPaths.get(image.path) ?? '',
    new_identity: finalIdentity ?? '',
    sha256: image.sha256,
    run,
  }));

/** Everything in the source that was not used, and why. */
export const unusedRows = (rows: readonly ImageRow[], run: string): LedgerRow[] =>
  rows
    .filter(({ slot }) => slot === null)
    .map(({ path, identity, state, error, sha256 }) => ({
      path,
      identity,
      decision: state,
      by: 'facesieve',
      reason: error ?? '',
      new_path: '',
      new_identity: '',
      sha256: sha256 ?? '',
      run,
    }));

/** `ledger.csv`, by path. @param hashes of what was written, by new path */
export const ledger = (rows: readonly LedgerRow[], hashes: ReadonlyMap<string, string>): string =>
  writeCsv(
    [...ledgerColumns],
    rows
      .map((row) => ({ ...row, new_sha256: hashes.get(row.new_path) ?? '' }))
      .sort((a, b) => (a.path < b.path ? -1 : 1)),
  );
