import { visibleText } from '../core/text/visible-text.js';

/** Text that is HTML or SVG already: made by {@link markup}, so whatever came from outside is escaped in it. */
export class Markup {
  constructor(readonly text: string) {}
}

export type Part = Markup | string | number | false | null | undefined | readonly Part[];

/**
 * Template tag that writes HTML or SVG: everything put into it is escaped, for text and for quoted attributes alike,
 * unless it is markup itself. Lists are joined; null, undefined and false are nothing.
 */
export const markup = (fixed: TemplateStringsArray, ...parts: Part[]): Markup =>
  new Markup(fixed.reduce((text, piece, i) => text + written(parts[i - 1]) + piece));

function written(part: Part): string {
  if (part instanceof Markup) return part.text;
  if (part === null || part === undefined || part === false) return '';
  if (typeof part === 'object') return part.map(written).join('');
  return escaped(String(part));
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** What cannot be seen, what a document may not hold, and what turns the text round it about, is shown as an escape. */
const escaped = (text: string): string => visibleText(text).replace(/[&<>"']/g, (character) => ENTITIES[character]);
