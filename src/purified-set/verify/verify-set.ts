import { statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { throwIfInterrupted } from '../../core/interrupt.js';
import { counted, type Progress, silentProgress } from '../../core/progress.js';
import { type LedgerRow, writtenHash } from '../ledger.js';
import { checkArchives } from './check-archives.js';
import { checkCounts } from './check-counts.js';
import { checkFiles, extraFiles } from './check-files.js';
import { checkLabels } from './check-labels.js';
import { type Finding, findingKinds, findingSchema } from './finding.js';
import { placedRows, readWrittenSet, type WrittenSet } from './written-set.js';

export const verifySchema = z.object({
  /** Nothing was found. */
  intact: z.boolean(),
  folder: z.string(),
  format: z.string().nullable(),
  images: z.number().int(),
  identities: z.number().int(),
  /** Images whose hash an earlier version did not record: they are there, and that is all that is known. */
  unchecked: z.number().int(),
  counts: z.record(z.enum(findingKinds), z.number().int()),
  findings: z.array(findingSchema),
});
export type VerifyResult = z.infer<typeof verifySchema>;

/**
 * Holds a purified set to its own ledger, label map and datasheet; no workspace is needed.
 * @throws PathError when it is no purified set, FormatError when its format is not known
 */
export async function verifySet(
  folder: string,
  signal: AbortSignal,
  progress: Progress = silentProgress,
): Promise<VerifyResult> {
  const set = readWrittenSet(folder);
  const rows = placedRows(set.ledger ?? []);
  const { sheet, ledger, labels } = set;
  let done = 0;
  const show = counted(progress, 'verify', { what: 'images', total: rows.size });
  const step = (): void => {
    throwIfInterrupted(signal);
    show(++done);
  };
  const findings = [
    ...set.findings,
    ...(await checkOwnFiles(set, signal)),
    ...(await checkImages(set, rows, step)),
    ...(ledger && labels ? checkLabels(labels, rows) : []),
    ...(sheet && ledger && labels ? checkCounts(sheet.counts, ledger, labels) : []),
  ];
  const count = (kind: Finding['kind']): number => findings.filter((found) => found.kind === kind).length;
  return {
    intact: findings.length === 0,
    folder: set.folder,
    format: sheet?.format ?? null,
    images: rows.size,
    identities: new Set([...rows.values()].map(({ new_identity }) => new_identity)).size,
    unchecked: [...rows.values()].filter((row) => writtenHash(row, sheet?.crops ?? true) === undefined).length,
    counts: Object.fromEntries(findingKinds.map((kind) => [kind, count(kind)])) as VerifyResult['counts'],
    findings,
  };
}

/** Ledger, label map, lists and archives, by the datasheet; a part that was found wanting before is not told of twice. */
async function checkOwnFiles({ folder, sheet, findings }: WrittenSet, signal: AbortSignal): Promise<Finding[]> {
  const told = new Set(findings.map(({ path }) => path));
  const own = Object.entries(sheet?.sha256 ?? {}).filter(([path]) => !told.has(path));
  return checkFiles(folder, new Map(own), () => throwIfInterrupted(signal));
}

async function checkImages(
  { folder, sheet, writer, ledger }: WrittenSet,
  rows: ReadonlyMap<string, LedgerRow>,
  step: () => void,
): Promise<Finding[]> {
  if (!sheet || !writer || !ledger) return [];
  const own = Object.keys(sheet.sha256);
  if (!writer.filePerImage) {
    const sizes = own.map((file) => statSync(join(folder, file), { throwIfNoEntry: false })?.size ?? 0);
    const archives = { folder, format: sheet.format, crops: sheet.crops, maxFileBytes: Math.max(1, ...sizes) };
    return [...(await checkArchives(archives, rows, step)), ...extraFiles(folder, new Set(own))];
  }
  const hashes = new Map([...rows].map(([path, row]) => [path, writtenHash(row, sheet.crops)]));
  return [...(await checkFiles(folder, hashes, step)), ...extraFiles(folder, new Set([...rows.keys(), ...own]))];
}
