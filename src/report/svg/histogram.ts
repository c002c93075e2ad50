import type { Angles } from '../angles.js';
import { markup, type Markup } from '../markup.js';
import { counted, degrees } from '../words.js';
import { drawing } from './drawing.js';
import { type Plot, plot } from './plot.js';

export interface HistogramSettings {
  id: string;
  width: number;
  height: number;
  angles: Angles;
  title: string;
  description: string;
}

/** Images by angle, clean and noise on top of each other, and where the rule cuts or decisions change. */
export function histogram({ id, width, height, angles, title, description }: HistogramSettings): Markup {
  const { bins, binDegrees, cut, band } = angles;
  const ends = [bins[0].from, bins[bins.length - 1].from + binDegrees] as const;
  const frame = plot({
    ...{ width, height, across: ends, up: [0, Math.max(1, ...bins.map(({ clean, noise }) => clean + noise))] },
    ...{ acrossLabel: (angle) => degrees(angle), upLabel: counted },
    ...{ acrossTitle: 'angle to the dominant sub-centre', marked: true, upTitle: `images per ${degrees(binDegrees)}` },
  });
  const content = markup`${band && cut.degrees === null && bandMark(frame, band)}${frame.axes}
${bins.map((bin) => stack(frame, bin, binDegrees))}
${cut.degrees !== null && cutMark(frame, cut.degrees, ends)}`;
  return drawing({ id, width, height, title, description, content });
}

function stack({ x, y }: Plot, { from, clean, noise }: Angles['bins'][number], binDegrees: number): Markup {
  const left = x(from) + 0.75;
  const width = Math.max(0.5, x(from + binDegrees) - x(from) - 1.5);
  const bar = (kind: string, low: number, high: number): Markup | false =>
    high > low &&
    markup`<rect class="${kind}" x="${left.toFixed(2)}" y="${y(high).toFixed(2)}" width="${width.toFixed(2)}" height="${(y(low) - y(high)).toFixed(2)}"/>`;
  return markup`<g>${bar('clean', 0, clean)}${bar('noise', clean, clean + noise)}<title>${degrees(from)} to ${degrees(from + binDegrees)}: ${clean.toFixed(1)} clean, ${noise.toFixed(1)} noise</title></g>
`;
}

function cutMark({ x, top, bottom }: Plot, angle: number, [from, to]: readonly [number, number]): Markup {
  const place = x(Math.min(to, Math.max(from, angle)));
  const beyond = angle > to ? ' (beyond the last image)' : angle < from ? ' (before the first image)' : '';
  const side = place > (x(from) + x(to)) / 2 ? 'end' : 'start';
  return markup`<line class="cut" x1="${place.toFixed(1)}" x2="${place.toFixed(1)}" y1="${top - 16}" y2="${bottom}"/>
<text class="mark ${side}" x="${(place + (side === 'end' ? -6 : 6)).toFixed(1)}" y="${top - 8}">cut at ${degrees(angle)}${beyond}</text>`;
}

function bandMark({ x, top, bottom, left, right }: Plot, { noiseFrom, cleanTo }: NonNullable<Angles['band']>): Markup {
  const [low, high] = [Math.min(noiseFrom, cleanTo), Math.max(noiseFrom, cleanTo)].map(x);
  const middle = (low + high) / 2;
  const side = middle > left + (right - left) * 0.7 ? 'end' : middle < left + (right - left) * 0.3 ? 'start' : 'middle';
  const anchor = side === 'end' ? high : side === 'start' ? low : middle;
  return markup`<rect class="band" x="${low.toFixed(1)}" y="${top}" width="${Math.max(1, high - low).toFixed(1)}" height="${bottom - top}"/>
<text class="mark ${side}" x="${anchor.toFixed(1)}" y="${top - 8}">decisions change</text>`;
}
