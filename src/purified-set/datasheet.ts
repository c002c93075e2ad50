import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../core/config.js';
import type { DecisionName } from '../core/records.js';
import { programVersion } from '../core/version.js';
import type { PurifiedList } from '../workspace/purified-list.js';
import { findRun } from '../workspace/runs.js';
import { currentResult } from '../workspace/stage.js';
import { readFact, type Workspace } from '../workspace/workspace.js';
import { hashFile } from '../core/fingerprint.js';
import type { NamedSources } from './existing-set.js';

export interface SheetFacts {
  format: string;
  crops: boolean;
  mode: Config['purify']['mode'];
  counts: Record<string, number>;
  /** Images of the crawl by decision, after verdicts. */
  decisions: Record<DecisionName, number>;
  /** Images with a verdict of a person. */
  verdicts: number;
  /** Sources of the set that this one was added to. */
  earlierSources: NamedSources[];
}

/** `datasheet.json`: what the set is, what it was made of and by which rules, and the hashes of its own files. */
export async function datasheet(
  workspace: Workspace,
  list: PurifiedList,
  { earlierSources, ...facts }: SheetFacts,
  folder: string,
): Promise<string> {
  const sift = findRun(workspace, list.siftRun)!;
  const noise = currentResult(workspace, 'sift')?.noiseRate;
  const sheet = {
    ...facts,
    facesieve: programVersion(),
    writtenAt: new Date().toISOString(),
    sources: JSON.parse(readFact(workspace, 'sources') ?? 'null') as unknown,
    ...(earlierSources.length > 0 && { earlierSources }),
    reference: readFact(workspace, 'reference') ?? null,
    crop: JSON.parse(readFact(workspace, 'crop') ?? 'null') as unknown,
    runs: { train: sift.parent, sift: sift.id },
    rule: { name: sift.config.sift.rule, settings: sift.inputs },
    noiseRate: noise ?? null,
    dataset: list.dataset.fingerprint,
    sha256: await hashesOf(folder),
  };
  return `${JSON.stringify(sheet, null, 2)}\n`;
}

/** Of the files right in the folder; those of images stand in the ledger. */
async function hashesOf(folder: string): Promise<Record<string, string>> {
  const hashes: Record<string, string> = {};
  for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (!entry.isFile()) continue;
    hashes[entry.name] = await hashFile(join(folder, entry.name));
  }
  return hashes;
}
