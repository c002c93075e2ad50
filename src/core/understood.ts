/** What was understood of a source, in sentences for people; each once, in the order they came. */
export interface Understood {
  /** What a row of the source means, and what was left out or mended. */
  notes: string[];
  /** What is unlikely to be what the user wants, with the flag that changes it. */
  warnings: string[];
}

/** The reason why a sample is not used when nothing says whose it is; the same in every reader. */
export const UNLABELLED = 'unlabelled: nothing says whose it is';
