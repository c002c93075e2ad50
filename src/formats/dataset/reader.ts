import type { Findings } from './findings.js';

/** A stretch of a file, or all of it, that holds an image's bytes. */
export interface Place {
  file: string; // absolute; bytes that are no UTF-8 are kept as core/undecoded-name.ts says
  offset?: number;
  length?: number;
  /** `recordio`: the stretch is a whole record, in several pieces that must be joined. */
  framing?: 'recordio';
}

/** Why something in a source is not used. */
export interface Refusal {
  state: 'skipped' | 'unreadable';
  reason: string;
}

/** One image of a source: what it is called, whose it is said to be, how to get its bytes. */
export interface SourceEntry {
  /** Names the image in the source, with `/`; unique there. */
  path: string;
  identity: string; // '' when nothing says whose it is
  /** Where the bytes can be read again at any time; absent when the source can only be read through. */
  place?: Place;
  /** The bytes, when there is no place. */
  bytes?: Uint8Array;
  refusal?: Refusal;
  /** What the source itself numbers it by: its path, where another entry has the same one already. */
  own?: string;
}

/** An entry that says why it is not used. */
export const refusedEntry = (
  path: string,
  reason: string,
  { state = 'skipped', identity = '' }: Partial<Refusal & Pick<SourceEntry, 'identity'>> = {},
): SourceEntry => ({ path, identity, refusal: { state, reason } });

/** A source that was recognised. Reading it twice gives the same entries in the same order, as long as `stamp` stays. */
export interface Source {
  /** Changes when the content does. */
  stamp(): Promise<string>;
  entries(): AsyncIterable<SourceEntry> | Iterable<SourceEntry>;
}

export interface ReadOptions {
  /** Most bytes of one image. */
  maxFileBytes: number;
  /** Folder that the paths in a list are relative to; without it, the list's own. */
  root?: string;
  /** Column of a table that names the file, or holds the image. */
  pathColumn?: string;
  /** Column of a table that names the identity. */
  identityColumn?: string;
  /** Which folder below the source names the person, from 1; found from the tree without it. */
  identityDepth?: number;
  /** Leave out the bytes of images, which costs less; what came from bytes alone is then not known. */
  headsOnly?: boolean;
}

/** A kind of source. A new one is one file and one line in readers.ts. */
export interface Reader {
  name: string;
  /** Why this reader takes `path`, or undefined when it does not. */
  recognise(path: string): string | undefined;
  /** @param findings told what is understood of it, at the latest when all entries were read @throws EmptyInputError, FormatError, PathError */
  open(path: string, options: ReadOptions, findings: Findings): Source | Promise<Source>;
}
