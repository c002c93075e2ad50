import { markup, type Markup } from '../markup.js';

export interface Drawing {
  /** Of this drawing alone. */
  id: string;
  width: number;
  height: number;
  title: string;
  /** What can be seen, in words, for those who cannot. */
  description: string;
  content: Markup;
}

/** A picture of its own: scales with its place, says what it shows. */
export const drawing = ({ id, width, height, title, description, content }: Drawing): Markup =>
  markup`<svg viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="${id}-title ${id}-description">
<title id="${id}-title">${title}</title><desc id="${id}-description">${description}</desc>
${content}</svg>`;

/**
 * The same chart twice, for wide and for narrow pages, of which a style sheet shows one: text that is scaled with its chart cannot be
 * read on a telephone. @param draw told the width, and a suffix for its ids
 */
export const responsive = (wide: number, narrow: number, draw: (width: number, suffix: string) => Markup): Markup =>
  markup`<div class="wide">${draw(wide, 'wide')}</div><div class="narrow">${draw(narrow, 'narrow')}</div>`;
