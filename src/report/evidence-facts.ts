import type { ReportedImage } from './report.js';
import { degrees, fraction, percent } from './words.js';

/** What the short names of {@link evidenceFacts} mean, in their order. */
export const evidenceLegend: readonly (readonly [string, string])[] = [
  ['p_noise', 'how often such a case is noise in this set, 0 to 1'],
  ['angle', "to the identity's dominant sub-centre"],
  ['own', "cosine to the centre of the identity's other images"],
  ['nearest other', 'the nearest other identity, and the cosine to its centre'],
  ['neighbours', 'share of the nearest images that carry the same name'],
  ["nearest other's", 'share of them with the label of the nearest other class'],
  ['margin', 'by how much its own name won while training; low or negative is suspicious'],
  ['sub-centre', 'the one it is nearest to, where that is not the dominant one'],
  ['quality', "length of its embedding against the set's median; low is a poor picture"],
  ['face', 'which of the faces found was judged, where there is not just one'],
];

/** The evidence on an image, as short names and values; what is not known is left out. */
export function evidenceFacts({ pNoise, evidence: e }: ReportedImage): [name: string, value: string][] {
  const known = <T>(name: string, value: T | null, text: (value: T) => string): [string, string][] =>
    value === null ? [] : [[name, text(value)]];
  const rival =
    e.rivalIdentity === null || e.rivalCos === null ? null : `${fraction(e.rivalCos, 2)} ${e.rivalIdentity}`;
  const strays = e.subcenter !== null && e.dominantSubcenter !== null && e.subcenter !== e.dominantSubcenter;
  return [
    ...known('p_noise', pNoise, (p) => fraction(p, 2)),
    ...known('angle', e.angleDegrees, (angle) => degrees(angle, 1)),
    ...known('own', e.cosOwn, (cosine) => fraction(cosine, 2)),
    ...known('nearest other', rival, (text) => text),
    ...known('neighbours', e.neighbourAgreement, (share) => percent(share, 0)),
    ...known("nearest other's", e.rivalAgreement, (share) => percent(share, 0)),
    ...known('margin', e.trainingMargin, (margin) => fraction(margin, 2)),
    ...(strays ? known('sub-centre', e.subcenter, (k) => `${k}, dominant ${e.dominantSubcenter}`) : []),
    ...known('quality', e.quality, (quality) => fraction(quality, 2)),
    ...(e.faces === 1 ? [] : known('face', e.faces, (faces) => (faces === 0 ? 'none' : `${e.face} of ${faces}`))),
  ];
}
