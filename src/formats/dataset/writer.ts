import type { Config } from '../../core/config.js';

/** An image as it goes into a purified set. */
export interface OutImage {
  /** Name in the source, or in the set that is extended. */
  from: string;
  /** IDENTITY/file: unique in the set, also where case or Unicode form do not count. */
  path: string;
  identity: string;
  label: number;
  /** Of the original bytes. */
  sha256: string;
  /** Of the bytes that `read` gives; not known of crops before they are read. */
  writtenSha256?: string;
  /** A file that holds just these bytes. */
  file?: string;
  /** @throws FormatError when they are not what was ingested */
  read(): Promise<Uint8Array>;
}

/** Where a set is written, and how. */
export interface OutFolder {
  /** New and empty. */
  folder: string;
  mode: Config['purify']['mode'];
  /** Identities by label. */
  identities: readonly string[];
  /** Side of the crops, for formats that name one. */
  size: number;
  seed: number;
  /** A file of the set that is replaced, when it holds the same image as `image`. */
  previous(image: OutImage): string | undefined;
  /** Called before each image; stops the work when it was interrupted. */
  step(): void;
}

/** A format of a purified set. A new one is one file and one line in writers.ts, and a reader of the same name. */
export interface Writer {
  name: string;
  /** Whether each image is a file of its own at the path that `write` returns. */
  filePerImage: boolean;
  /** Writes `images`, by label and path. @returns their paths as the format's reader names them, in the same order */
  write(images: readonly OutImage[], out: OutFolder): Promise<string[]>;
}
