import { createHash } from 'node:crypto';
import type { Findings } from './findings.js';
import type { SourceEntry } from './reader.js';

/**
 * Entries whose paths and people can be told apart: where a path comes again and the source numbers its entries itself, that
 * number makes it another; names of people are in Unicode's composed form (NFC).
 */
export async function* distinctEntries(
  entries: AsyncIterable<SourceEntry>,
  findings: Findings,
): AsyncGenerator<SourceEntry> {
  const seen = new Set<string>();
  for await (const entry of entries) {
    const identity = entry.identity.normalize('NFC');
    if (identity !== entry.identity)
      findings.note(`names in Unicode's decomposed form are taken for the composed form: ${identity}`);
    const named = identity === entry.identity ? entry : { ...entry, identity };
    if (entry.own === undefined) {
      yield named;
      continue;
    }
    const key = shortOf(entry.path);
    const isFirst = seen.size < seen.add(key).size;
    if (!isFirst)
      findings.note("paths that the source stores more than once are made distinct by the source's own numbers");
    yield isFirst ? named : { ...named, path: entry.own };
  }
}

/** Stands for a path: millions of them are kept. */
const shortOf = (path: string): string => createHash('sha1').update(path).digest().toString('latin1', 0, 10);
