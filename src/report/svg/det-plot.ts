import { type ErrorCurve, lowestRate } from './error-curve.js';
import { logPlot } from './log-plot.js';

/** DET curves as SVG: false reject over false accept rate, both logarithmic. @param supportedFrom as in {@link logPlot} */
export const detPlot = (curves: readonly ErrorCurve[], supportedFrom: number): string =>
  logPlot(
    'DET: false rejects over false accepts',
    { title: 'false accept rate', low: lowestRate(supportedFrom), high: 1, log: true },
    { title: 'false reject rate', low: 0.001, high: 1, log: true },
    curves.map(({ name, points }) => ({
      name,
      points: points.map(({ falseAccepts, falseRejects }) => [falseAccepts, falseRejects] as const),
    })),
    supportedFrom,
  );
