import { Findings } from '../formats/dataset/findings.js';
import { realpathSync } from 'node:fs';
import { sep } from 'node:path';
import type { Config } from '../core/config.js';
import { readPlace } from '../formats/dataset/read-place.js';
import { readers } from '../formats/dataset/readers.js';
import type { Place } from '../formats/dataset/reader.js';
import type { Arrival } from './arrange.js';
import type { ExistingSet } from './existing-set.js';
import { type LedgerRow, writtenHash } from './ledger.js';

/** New images together with those of a set they are added to. */
export interface Extended {
  arrivals: Arrival[];
  /** Identities whose labels stay, by label. */
  known: string[];
  /** New paths by old ones, for new images; one that was in the set already is where it was. @param paths by `from` */
  pathsOfNew(paths: ReadonlyMap<string, string>): Map<string, string>;
  /** What the set's ledger says, with the paths its images have now. */
  ledger(paths: ReadonlyMap<string, string>): LedgerRow[];
}

/** Nothing is added to: the new images alone. */
export const alone = (arrivals: readonly Arrival[]): Extended => ({
  arrivals: [...arrivals],
  known: [],
  pathsOfNew: (paths) => new Map(paths),
  ledger: () => [],
});

/** In front of the path of an image that was in the set before: it may be called as a new one is. */
const BEFORE = '\u0000';

/** @throws FormatError, PathError */
export async function extend(
  folder: string,
  existing: ExistingSet,
  arrivals: readonly Arrival[],
  config: Config,
): Promise<Extended> {
  const before = await arrivalsIn(folder, existing, config);
  const there = new Map(before.map((arrival) => [contentOf(arrival), arrival.from]));
  const fresh = arrivals.filter((arrival) => !there.has(contentOf(arrival)));
  return {
    arrivals: [...before, ...fresh],
    known: existing.identities,
    pathsOfNew: (paths) =>
      new Map(
        arrivals.map((arrival) => [arrival.from, paths.get(there.get(contentOf(arrival)) ?? arrival.from) ?? '']),
      ),
    ledger: (paths) => existing.ledger.map((row) => ({ ...row, new_path: paths.get(BEFORE + row.new_path) ?? '' })),
  };
}

/** The same image of the same person is not added twice. */
const contentOf = ({ identity, sha256 }: Arrival): string => `${identity}\u0000${sha256}`;

async function arrivalsIn(folder: string, existing: ExistingSet, config: Config): Promise<Arrival[]> {
  const reader = readers.find(({ name }) => name === existing.format)!;
  const rows = new Map(existing.ledger.map((row) => [row.new_path, row]));
  const source = await reader.open(folder, { maxFileBytes: config.ingest.maxFileBytes }, new Findings());
  const arrivals: Arrival[] = [];
  for await (const { path, identity, place, bytes, refusal } of source.entries()) {
    if (refusal) continue;
    const plain = path.replace(/^images\//, '');
    arrivals.push({
      from: BEFORE + path,
      identity,
      sha256: rows.get(path)?.sha256 ?? '',
      writtenSha256: rows.get(path) && writtenHash(rows.get(path)!, existing.crops),
      name: plain.includes('/') ? plain.slice(plain.indexOf('/') + 1) : plain,
      moved: false,
      foundUnder: identity,
      file: place && fileThatStays(place, folder),
      read: () => Promise.resolve(bytes ?? readPlace(place!, config.ingest.maxFileBytes)),
    });
  }
  return arrivals;
}

/** What a link leads to; a file of the set itself is gone when the new set takes its place, and must be copied. */
function fileThatStays({ file, offset }: Place, folder: string): string | undefined {
  if (offset !== undefined) return undefined;
  const real = realpathSync(file);
  return real.startsWith(realpathSync(folder) + sep) ? undefined : real;
}
