import { markup } from '../markup.js';

/** A line through points, both coordinates in (0, 1]. */
export interface PlotLine {
  name: string;
  points: readonly (readonly [x: number, y: number])[];
}

/** An axis from `low` to `high`, logarithmic or linear, with its marks. */
export interface Axis {
  title: string;
  low: number;
  high: number;
  log: boolean;
}

const WIDTH = 640;
const HEIGHT = 420;
const AREA = { left: 70, top: 20, right: 620, bottom: 360 };
const COLOURS = ['#1f5fa8', '#c2571a', '#3a8a4d', '#7b4ba0'];

/**
 * A self-contained SVG of `lines`. What lies left of `supportedFrom` on the x axis is shaded: too few pairs to tell.
 * @param title read out by screen readers
 */
export function logPlot(title: string, x: Axis, y: Axis, lines: readonly PlotLine[], supportedFrom: number): string {
  const atX = (value: number): number => scaled(x, value, AREA.left, AREA.right);
  const atY = (value: number): number => scaled(y, value, AREA.bottom, AREA.top);
  const shadedTo = atX(Math.min(x.high, supportedFrom));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" font-family="sans-serif" font-size="12">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="white"/>`,
    shadedTo > AREA.left
      ? `<rect x="${AREA.left}" y="${AREA.top}" width="${fixed(shadedTo - AREA.left)}" height="${AREA.bottom - AREA.top}" fill="#eee"><title>too few impostor pairs to tell</title></rect>`
      : '',
    ...marksOf(x).map(
      (mark) =>
        `<path d="M${fixed(atX(mark))} ${AREA.top}V${AREA.bottom}" stroke="#ddd"/><text x="${fixed(atX(mark))}" y="${AREA.bottom + 18}" text-anchor="middle">${label(mark)}</text>`,
    ),
    ...marksOf(y).map(
      (mark) =>
        `<path d="M${AREA.left} ${fixed(atY(mark))}H${AREA.right}" stroke="#ddd"/><text x="${AREA.left - 8}" y="${fixed(atY(mark) + 4)}" text-anchor="end">${label(mark)}</text>`,
    ),
    `<text x="${(AREA.left + AREA.right) / 2}" y="${HEIGHT - 22}" text-anchor="middle">${escaped(x.title)}</text>`,
    `<text transform="translate(18 ${(AREA.top + AREA.bottom) / 2}) rotate(-90)" text-anchor="middle">${escaped(y.title)}</text>`,
    ...lines.map(
      ({ points }, i) =>
        `<path d="${pathOf(points, atX, atY)}" fill="none" stroke="${COLOURS[i % COLOURS.length]}" stroke-width="2"/>`,
    ),
    ...lines.map(({ name }, i) => {
      const colour = COLOURS[i % COLOURS.length];
      return `<text x="${AREA.left + 12 + 260 * i}" y="${HEIGHT - 4}" fill="${colour}">${escaped(name)}</text>`;
    }),
    '</svg>',
    '',
  ]
    .filter((line, i, all) => line !== '' || i === all.length - 1)
    .join('\n');
}

function scaled({ low, high, log }: Axis, value: number, from: number, to: number): number {
  const inside = Math.min(high, Math.max(low, value));
  const share = log ? Math.log(inside / low) / Math.log(high / low) : (inside - low) / (high - low);
  return from + share * (to - from);
}

/** Powers of ten, or fifths. */
function marksOf({ low, high, log }: Axis): number[] {
  if (!log) return Array.from({ length: 6 }, (_, i) => low + (i * (high - low)) / 5);
  const first = Math.ceil(Math.log10(low) - 1e-9);
  return Array.from({ length: Math.floor(Math.log10(high) + 1e-9) - first + 1 }, (_, i) => 10 ** (first + i));
}

const label = (mark: number): string =>
  mark === 0 || mark >= 0.01 ? String(Number(mark.toPrecision(3))) : mark.toExponential(0);
const fixed = (value: number): string => value.toFixed(1).replace(/\.0$/, '');

/** Corners of the line, those that fall on one pixel told once. */
function pathOf(points: PlotLine['points'], atX: (x: number) => number, atY: (y: number) => number): string {
  const corners = points.map(([x, y]) => `${fixed(atX(x))} ${fixed(atY(y))}`);
  const distinct = corners.filter((corner, i) => corner !== corners[i - 1]);
  return distinct.map((corner, i) => `${i === 0 ? 'M' : 'L'}${corner}`).join('');
}

const escaped = (text: string): string => markup`${text}`.text;
