import { type ErrorCurve, lowestRate } from './error-curve.js';
import { logPlot } from './log-plot.js';

/** ROC curves as SVG: true accept rate over false accept rate, which is logarithmic. @param supportedFrom as in {@link logPlot} */
export const rocPlot = (curves: readonly ErrorCurve[], supportedFrom: number): string =>
  logPlot(
    'ROC: true accepts over false accepts',
    { title: 'false accept rate', low: lowestRate(supportedFrom), high: 1, log: true },
    { title: 'true accept rate', low: 0, high: 1, log: false },
    curves.map(({ name, points }) => ({
      name,
      points: points.map(({ falseAccepts, falseRejects }) => [falseAccepts, 1 - falseRejects] as const),
    })),
    supportedFrom,
  );
