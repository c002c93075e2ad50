import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { FormatError } from '../core/errors.js';
import { readCsv } from '../formats/csv.js';
import type { LedgerRow } from './ledger.js';

/** Marks a folder as written by purify, and by which work: only such a folder is ever replaced unasked. */
export const MARK = '.facesieve-purified';

export const markOf = (folder: string): string | undefined =>
  existsSync(join(folder, MARK)) ? readFileSync(join(folder, MARK), 'utf8') : undefined;

/** A purified set that was written before. */
export interface ExistingSet {
  format: string;
  crops: boolean;
  identities: string[]; // by label
  ledger: LedgerRow[];
  /** What it was made of, and the sets that it was added to; empty where its datasheet does not say. */
  sources: NamedSources[];
  /** Files by path and content, for formats that keep one an image. */
  fileOf(path: string, sha256: string): string | undefined;
}

const sourcesSchema = z.object({ source: z.string(), also: z.array(z.string()).default([]) });
export type NamedSources = z.infer<typeof sourcesSchema>;

const sheetSchema = z.object({
  format: z.string(),
  crops: z.boolean(),
  sources: sourcesSchema.nullish().catch(null),
  earlierSources: z.array(sourcesSchema).catch([]),
});

/** @throws FormatError when its own files are not as purify wrote them */
export function readExistingSet(folder: string): ExistingSet {
  try {
    const { sources, earlierSources, ...sheet } = sheetSchema.parse(
      JSON.parse(readFileSync(join(folder, 'datasheet.json'), 'utf8')),
    );
    const labels = rowsOf(folder, 'label-map.csv').filter(({ new_label }) => new_label !== '');
    const ledger = rowsOf(folder, 'ledger.csv') as LedgerRow[];
    const hashes = new Map(ledger.map(({ new_path, sha256 }) => [new_path, sha256]));
    return {
      ...sheet,
      identities: labels.sort((a, b) => Number(a.new_label) - Number(b.new_label)).map(({ identity }) => identity),
      ledger,
      sources: [...(sources ? [sources] : []), ...earlierSources],
      fileOf: (path, sha256) => (hashes.get(path) === sha256 ? join(folder, path) : undefined),
    };
  } catch (error) {
    throw new FormatError(`"${folder}" is not a whole purified set: ${(error as Error).message.split('\n')[0]}`, [
      'Write it again with --overwrite, or choose another --out.',
    ]);
  }
}

const rowsOf = (folder: string, file: string): Record<string, string>[] =>
  readCsv(readFileSync(join(folder, file), 'utf8'), file);
