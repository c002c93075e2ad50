/** What was understood of a source, in sentences for people; each is kept once, in the order they came. */
export interface Understood {
  /** What a row of the source means, and what was left out or mended. */
  notes: string[];
  /** What is unlikely to be what the user wants, with the flag that changes it. */
  warnings: string[];
}

/** Collects what readers understand of a source. Entries may be read several times: a sentence that is known is not added. */
export class Findings {
  private readonly notes = new Set<string>();
  private readonly warnings = new Set<string>();

  note(sentence: string): void {
    this.notes.add(sentence);
  }

  warn(sentence: string): void {
    this.warnings.add(sentence);
  }

  understood(): Understood {
    return { notes: [...this.notes], warnings: [...this.warnings] };
  }
}
