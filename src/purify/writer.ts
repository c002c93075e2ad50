import type { Config } from '../core/config.js';
import type { KeptImage } from '../store/purified-list.js';

/** Writes kept images under a folder that is new and empty. A new format is one file and one line in writers.ts. */
export interface Writer {
  name: string;
  /** Puts one image in place; returns its path in the purified set, with `/`. */
  write(image: KeptImage, source: string, folder: string, mode: Config['mode'], taken: ReadonlySet<string>): string;
}
