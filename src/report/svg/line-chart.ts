import { markup, type Markup } from '../markup.js';
import { counted } from '../words.js';
import { drawing } from './drawing.js';
import { type Plot, plot } from './plot.js';

/** One line: its value after each epoch, the first at 1. */
export interface Series {
  /** CSS class, which gives it its colour and dashes. */
  kind: string;
  name: string;
  values: readonly number[];
}

export interface LineChartSettings {
  id: string;
  width: number;
  height: number;
  series: readonly Series[];
  title: string;
  upTitle: string;
  upLabel: (value: number) => string;
}

/** Values by epoch. */
export function lineChart({ id, width, height, series, title, upTitle, upLabel }: LineChartSettings): Markup {
  const all = series.flatMap(({ values }) => values);
  const epochs = Math.max(2, ...series.map(({ values }) => values.length));
  const frame = plot({
    ...{ width, height, across: [1, epochs], up: [Math.min(0, ...all), Math.max(...all)] },
    ...{ acrossLabel: counted, upLabel, acrossTitle: 'epoch', upTitle, wholeAcross: true },
  });
  const description = series
    .map(({ name, values }) => `${name}: from ${upLabel(values[0])} to ${upLabel(values[values.length - 1])}`)
    .join('; ');
  const content = markup`${frame.axes}${series.map((one) => line(frame, one))}`;
  return drawing({ id, width, height, title, description, content });
}

function line({ x, y }: Plot, { kind, values }: Series): Markup {
  const points = values.map((value, i) => `${x(i + 1).toFixed(1)},${y(value).toFixed(1)}`);
  const [endX, endY] = points[points.length - 1].split(',');
  return markup`<polyline class="line ${kind}" points="${points.join(' ')}"/><circle class="dot ${kind}" cx="${endX}" cy="${endY}" r="3.5"/>`;
}
