import type { PairSet } from '../../metrics/pair-set.js';

/** Where pairs come from. */
export interface PairSource {
  file: string;
  /** Folders below which relative paths are looked for. */
  roots: readonly string[];
  /** CSV of the templates that the pairs are of. */
  templates?: string;
}

/** One form that lists of pairs come in. A new one is one file and one line in pair-readers.ts. */
export interface PairReader {
  name: string;
  /** Whether `source` is of this form, by its name and its first lines. */
  reads(source: PairSource): boolean;
  /** @throws FormatError, PathError, EmptyInputError */
  read(source: PairSource): Promise<PairSet>;
}
