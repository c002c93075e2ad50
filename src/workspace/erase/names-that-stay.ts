import type { Database } from '../database.js';
import { formsOf } from './needles.js';

/** Paths and names of images that stay, of which something that is looked for may be a part: "Ann" of "Mary Ann". */
export class NamesThatStay {
  private readonly byText = new Map<string, string[]>();

  constructor(private readonly database: Database) {}

  /** Whether what is at `at` in `bytes` is part of a name that stays. @param form as which `text` was found there */
  cover(text: string, bytes: Buffer, at: number, form: Uint8Array): boolean {
    return this.with(text).some((name) =>
      formsOf(name).some((whole) => {
        for (let i = whole.indexOf(form); i !== -1; i = whole.indexOf(form, i + 1)) {
          const from = at - i;
          if (from >= 0 && bytes.subarray(from, from + whole.length).equals(whole)) return true;
        }
        return false;
      }),
    );
  }

  private with(text: string): string[] {
    const known = this.byText.get(text);
    if (known) return known;
    const found = this.database
      .prepare(
        'SELECT path FROM images WHERE instr(path, @text) > 0 UNION SELECT identity FROM images WHERE instr(identity, @text) > 0',
      )
      .pluck()
      .all({ text }) as string[];
    this.byText.set(text, found);
    return found;
  }
}
