import { markup, type Markup } from '../markup.js';

export interface PlotSettings {
  width: number;
  height: number;
  /** [from, to] in data. */
  across: readonly [number, number];
  up: readonly [number, number];
  /** How values are written at the axes. */
  acrossLabel: (value: number) => string;
  upLabel: (value: number) => string;
  acrossTitle: string;
  upTitle: string;
  /** Only whole numbers at the horizontal axis. */
  wholeAcross?: boolean;
  /** Something will be written above the data. */
  marked?: boolean;
}

/** Two scales and their axes; everything in pixels of the drawing. */
export interface Plot {
  x: (value: number) => number;
  y: (value: number) => number;
  left: number;
  right: number;
  top: number;
  bottom: number;
  axes: Markup;
}

const [TOP, RIGHT, BOTTOM, LEFT] = [26, 14, 44, 50];
/** More room at the top where something is marked. */
const MARKED = 20;
/** Pixels between two labels. */
const [ACROSS_GAP, UP_GAP] = [62, 48];

const at = (value: number): string => value.toFixed(1);

/** The vertical axis is made long enough to end at a round number. */
export function plot(settings: PlotSettings): Plot {
  const { width, height, across, up, acrossLabel, upLabel, acrossTitle, upTitle } = settings;
  const [left, right, top, bottom] = [LEFT, width - RIGHT, TOP + (settings.marked ? MARKED : 0), height - BOTTOM];
  const rows = ticks(up[0], up[1], (bottom - top) / UP_GAP);
  const [low, high] = [rows[0], rows[rows.length - 1]];
  const x = (value: number): number =>
    left + ((value - across[0]) / Math.max(across[1] - across[0], Number.EPSILON)) * (right - left);
  const y = (value: number): number => bottom - ((value - low) / (high - low)) * (bottom - top);
  const columns = ticks(across[0], across[1], (right - left) / ACROSS_GAP).filter(
    (value) => value >= across[0] && value <= across[1] && (!settings.wholeAcross || Number.isInteger(value)),
  );
  const axes = markup`<g class="grid">${rows.map((value) => markup`<line x1="${left}" x2="${right}" y1="${at(y(value))}" y2="${at(y(value))}"/>`)}</g>
<line class="axis" x1="${left}" x2="${right}" y1="${bottom}" y2="${bottom}"/>
<g class="label end">${rows.map((value) => markup`<text x="${left - 8}" y="${at(y(value) + 4)}">${upLabel(value)}</text>`)}</g>
<g class="label middle">${columns.map((value) => markup`<text x="${at(x(value))}" y="${bottom + 18}">${acrossLabel(value)}</text>`)}</g>
<text class="label" x="${left - 42}" y="${12}">${upTitle}</text>
<text class="label end" x="${right}" y="${height - 6}">${acrossTitle}</text>`;
  return { x, y, left, right, top, bottom, axes };
}

/** Round numbers from 0 or below to `most` or above it, some `about` of them: steps of 1, 2 or 5 times a power of ten. */
export function ticks(least: number, most: number, about: number): number[] {
  const raw = Math.max(most - least, Number.EPSILON) / Math.max(1, about);
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = power * ([1, 2, 5, 10].find((times) => times * power >= raw) ?? 10);
  const first = Math.floor(least / step);
  const last = Math.ceil(most / step - 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}
