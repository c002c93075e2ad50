import { markup, type Markup } from '../markup.js';
import type { Pictures } from '../report.js';

/** The picture of an image, inside the page; a grey square where there is none. */
export function face(pictures: Pictures, path: string, size: 'large' | 'small'): Markup {
  const picture = pictures.crops.get(path);
  if (!picture) return markup`<span class="face ${size} none" title="${path}">no picture</span>`;
  const bytes = Buffer.from(picture).toString('base64');
  return markup`<img class="face ${size}" alt="${path}" title="${path}" src="data:image/jpeg;base64,${bytes}">`;
}

/** Small pictures in a row, with what they are. */
export const strip = (pictures: Pictures, caption: Markup, paths: readonly string[]): Markup =>
  markup`<div class="strip"><p>${caption}</p><div>${paths.map((path) => face(pictures, path, 'small'))}</div></div>`;

/** A name or a path: it may run in any direction, and must not turn what stands round it. */
export const named = (text: string): Markup => markup`<bdi>${text}</bdi>`;
