import type { Angles } from './angles.js';
import type { Report } from './report.js';
import { counted, degrees, fraction, percent, several } from './words.js';

/** What was found in five numbers: the figure, what it counts, and what to know of it. */
export function headline(report: Report): { figure: string; what: string; more: string }[] {
  const { images, identities, noiseRate, decisions, kept, skipped } = report;
  const wrong = decisions.drop + decisions.relabel;
  return [
    {
      figure: counted(images),
      what: `images of ${several(identities, 'identity', 'identities')}`,
      more: skipped.total === 0 ? 'everything was used' : `${counted(skipped.total)} more were not used`,
    },
    {
      figure: noiseRate ? percent(noiseRate.estimate) : '–',
      what: 'estimated noise',
      more: noiseRate ? `${percent(noiseRate.low)} to ${percent(noiseRate.high)}, 95 of 100 times` : 'not measured',
    },
    {
      figure: counted(wrong),
      what: 'called wrong',
      more: `${counted(decisions.drop)} dropped, ${counted(decisions.relabel)} relabelled`,
    },
    {
      figure: counted(decisions.review),
      what: 'for a person to look at',
      more: report.verdicts === 0 ? 'no verdicts given yet' : `${several(report.verdicts, 'verdict')} given`,
    },
    {
      figure: counted(kept.images),
      what: `stay, under ${several(kept.identities, 'name')}`,
      more: kept.emptied.length === 0 ? 'no name is left empty' : `${several(kept.emptied.length, 'name')} left empty`,
    },
  ];
}

/** What sift's calls of noise should be worth. */
export function expectedWords({ expected }: Report): string | null {
  if (!expected || expected.precision === null || expected.recall === null) return null;
  return (
    `By its own estimate, ${percent(expected.precision)} of what sift calls noise is noise (precision), and that is ` +
    `${percent(expected.recall)} of all the noise there is (recall).`
  );
}

/** Where the rule cuts. */
export function cutWords(rule: string, { cut, band }: Angles): string {
  if (cut.dropAt !== null)
    return [
      `The rule ${rule} does not cut at an angle but at p_noise ${fraction(cut.dropAt, 2)}; from ${fraction(cut.reviewAt, 2)} on an image goes to review.`,
      ...(band
        ? [
            `By the angle, decisions change where it is marked: 95 % of what is called noise is beyond ${degrees(band.noiseFrom)}, ` +
              `95 % of what stays within ${degrees(band.cleanTo)}.`,
          ]
        : []),
    ].join(' ');
  if (cut.degrees === null) return `The rule ${rule} does not cut at an angle: the vote for a sub-centre decides.`;
  const with_ =
    rule === 'either'
      ? ', or by the vote for a sub-centre'
      : rule === 'both'
        ? ', if the vote for a sub-centre agrees'
        : '';
  return `The rule ${rule} cuts at ${degrees(cut.degrees)}${with_}.`;
}

/** What the two parts of the histogram are. */
export function partsWords({ images, byDecision }: Angles): string {
  if (byDecision === images) return 'The parts are what was decided: these images have no p_noise.';
  const rest = byDecision === 0 ? '' : ` ${several(byDecision, 'image has', 'images have')} none and count as decided.`;
  return `The two parts are estimates: each image counts as noise with its p_noise and as clean with the rest.${rest}`;
}
