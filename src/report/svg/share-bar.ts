import { markup, type Markup } from '../markup.js';
import { counted } from '../words.js';

export interface SharePart {
  /** CSS class, which gives it its colour. */
  kind: string;
  name: string;
  count: number;
}

const WIDTH = 1000;

/** One bar divided by counts; scales to any width and height. */
export function shareBar(label: string, parts: readonly SharePart[]): Markup {
  const filled = parts.filter(({ count }) => count > 0);
  const total = filled.reduce((sum, { count }) => sum + count, 0);
  let from = 0;
  const pieces = filled.map(({ kind, name, count }) => {
    const width = (WIDTH * count) / total;
    const x = from;
    from += width;
    return markup`<rect class="${kind}" x="${x.toFixed(2)}" y="0" width="${width.toFixed(2)}" height="10"><title>${name}: ${counted(count)}</title></rect>`;
  });
  return markup`<svg class="share" viewBox="0 0 ${WIDTH} 10" preserveAspectRatio="none" role="img" aria-label="${label}">${pieces}</svg>`;
}
