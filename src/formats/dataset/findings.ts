import type { Understood } from '../../core/understood.js';

/** Collects what readers understand of a source. Entries may be read several times: a sentence that is known is not added. */
export class Findings {
  private readonly notes = new Set<string>();
  private readonly warnings = new Set<string>();

  /** The reader's name of the source itself, not of further ones. */
  format: string | undefined;
  private readonly people = new Set<string>();

  /** Says what names the person of an image, such as `column "name" of "list.csv"`, and further clauses about it. */
  person(from: string, further: readonly string[] = []): void {
    this.people.add(from);
    this.note([`identity = ${from}`, ...further].join('; '));
  }

  /** What names the person of an image, in each source; empty where nothing does. */
  identityFrom(): string {
    return [...this.people].join('; ');
  }

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
