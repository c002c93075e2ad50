import type { Understood } from '../../core/understood.js';

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
