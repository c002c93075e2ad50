/** One file of a source: where it came from, whose it is said to be, how to get its bytes. */
export interface SourceEntry {
  /** Relative to the source, with `/`. */
  path: string;
  identity: string;
  /** What changes when the content does, without reading it. */
  stamp: string;
  read(): Promise<Uint8Array>;
}

export interface SourceListing {
  entries: SourceEntry[]; // sorted by path
  /** Files that are not images by their name, or belong to no identity. */
  skipped: number;
}

/** A kind of source. A new one is one file and one line in readers.ts. */
export interface Reader {
  name: string;
  /** Why this reader takes `source`, or undefined when it does not. */
  recognise(source: string): string | undefined;
  /** @throws EmptyInputError, PathError */
  list(source: string): Promise<SourceListing>;
}
