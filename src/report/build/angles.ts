import { angleDegreesOf } from '../../core/angles.js';
import type { Config } from '../../core/config.js';
import { saysNoise } from '../../core/records.js';
import { quantile } from '../../core/statistics.js';
import type { AngleCut, Angles } from '../angles.js';
import type { DecidedImage } from '../../core/decided-image.js';
import { INSIGHTFACE_ANGLE } from '../../core/angles.js';
import type { SiftResult } from '../../workspace/results.js';

/** Bins of 2 degrees show the shape of a distribution of this many images; fewer make a comb of it. */
const FINE_FROM = 1000;
/** Share of either kind that a band of changing decisions leaves outside. */
const OUTSIDE = 0.05;

/** How the images lie round their dominant sub-centres; null when no angle is known. */
export function buildAngles(
  images: readonly DecidedImage[],
  config: Config,
  figures: Partial<SiftResult>,
): Angles | null {
  const known = images.flatMap(({ evidence, decision, pNoise }) =>
    evidence.cosDominant === null ? [] : [{ angle: angleDegreesOf(evidence.cosDominant), decision, pNoise }],
  );
  if (known.length === 0) return null;
  const binDegrees = known.length < FINE_FROM ? 5 : 2;
  const places = known.map(({ angle }) => Math.floor(angle / binDegrees));
  const first = places.reduce((least, place) => Math.min(least, place));
  const last = places.reduce((most, place) => Math.max(most, place));
  const bins = Array.from({ length: last - first + 1 }, (_, i) => ({
    ...{ from: (first + i) * binDegrees, clean: 0, noise: 0 },
  }));
  known.forEach(({ decision, pNoise }, i) => {
    const noise = pNoise ?? Number(saysNoise(decision));
    bins[places[i] - first].noise += noise;
    bins[places[i] - first].clean += 1 - noise;
  });
  return {
    binDegrees,
    bins,
    images: known.length,
    byDecision: known.filter(({ pNoise }) => pNoise === null).length,
    cut: cutOf(config, figures),
    band: bandOf(known),
  };
}

/** Where sift cut, by the rule it ran with. */
function cutOf({ sift: { rule, angle, dropAt, reviewAt } }: Config, { cut }: Partial<SiftResult>): AngleCut {
  if (rule === 'calibrated') return { degrees: null, ...(cut ?? { dropAt, reviewAt }) };
  const degrees = rule === 'dominant' ? null : rule === 'insightface-drop' ? INSIGHTFACE_ANGLE : angle;
  return { degrees, dropAt: null, reviewAt: null };
}

function bandOf(known: readonly { angle: number; decision: DecidedImage['decision'] }[]): Angles['band'] {
  const anglesWhere = (noise: boolean): number[] =>
    known.filter(({ decision }) => saysNoise(decision) === noise).map(({ angle }) => angle);
  const [called, stays] = [anglesWhere(true), anglesWhere(false)];
  if (called.length === 0 || stays.length === 0) return null;
  return { noiseFrom: quantile(called, OUTSIDE), cleanTo: quantile(stays, 1 - OUTSIDE) };
}
