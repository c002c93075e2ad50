import { Findings } from '../../formats/dataset/findings.js';
import { sha256 } from '../../core/fingerprint.js';
import { InterruptedError } from '../../core/errors.js';
import { readPlace } from '../../formats/dataset/read-place.js';
import { readers } from '../../formats/dataset/readers.js';
import { type LedgerRow, writtenHash } from '../ledger.js';
import { type Finding, finding } from './finding.js';

/**
 * Images of a set that lies in archives: each one is read out and held to its row of the ledger.
 * @param maxFileBytes no image is larger than the archive it is in
 */
export async function checkArchives(
  { folder, format, crops, maxFileBytes }: { folder: string; format: string; crops: boolean; maxFileBytes: number },
  rows: ReadonlyMap<string, LedgerRow>,
  step: () => void,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  const unseen = new Map(rows);
  try {
    const reader = readers.find(({ name }) => name === format)!;
    if (!reader.recognise(folder)) return [finding('missing', '.', `the images: there is no ${format} here`)];
    const source = await reader.open(folder, { maxFileBytes }, new Findings());
    for await (const { path, identity, place, bytes, refusal } of source.entries()) {
      step();
      const row = unseen.get(path);
      unseen.delete(path);
      if (refusal) findings.push(finding('changed', path, refusal.reason));
      else if (!row) findings.push(finding('extra', path, 'the ledger does not know of it'));
      else {
        const hash = writtenHash(row, crops);
        if (hash !== undefined && sha256(bytes ?? readPlace(place!, maxFileBytes)) !== hash)
          findings.push(finding('changed', path, 'it holds other bytes than were written'));
        if (identity !== row.new_identity)
          findings.push(finding('labels', path, `labelled "${identity}"; "${row.new_identity}" by the ledger`));
      }
    }
  } catch (error) {
    if (error instanceof InterruptedError) throw error;
    findings.push(finding('changed', '.', `the images cannot be read on: ${(error as Error).message}`));
  }
  return [...findings, ...[...unseen.keys()].map((path) => finding('missing', path, 'it is in none of the archives'))];
}
