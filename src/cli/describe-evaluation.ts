import { type EvaluateResult, networksToTell, networkTitles } from '../workspace/results.js';
import { paragraphs, table } from '../core/text/table.js';
import { quantity } from '../core/text/quantity.js';

export const percent = (share: number | null): string => (share === null ? '-' : `${(100 * share).toFixed(1)} %`);
const fraction = (share: number | null): string => (share === null ? '-' : share.toFixed(3));

/** `figures` of each network that is told and has them, with its name in words. */
const titled = <T>(result: EvaluateResult, figures: { before: T; after?: T }): [title: string, figure: T][] =>
  networksToTell(result).flatMap((name) => {
    const figure = figures[name];
    return figure === undefined ? [] : [[networkTitles[name], figure] as [string, T]];
  });

/** Verification, identification, overlap and detection, as tables: the lines. */
export const describeEvaluation = (result: EvaluateResult): string[] =>
  paragraphs([
    describeVerification(result),
    describeIdentification(result),
    describeOverlap(result),
    describeDetection(result),
  ]);

function describeVerification(result: EvaluateResult): string[] {
  const { verification, score } = result;
  if (!verification) return [];
  const rows = titled(result, verification).map(([title, v]) => [
    title,
    `${percent(v.accuracy)} ± ${(100 * v.std).toFixed(1)}`,
    fraction(v.auc),
    percent(v.eer),
    ...['1e-2', '1e-3'].map((far) => percent(v.tarAtFar[far])),
  ]);
  const { impostor, atFar } = verification.before;
  const refused = atFar.filter(({ target, impostorsNeeded }) => target >= 1e-3 && impostor < impostorsNeeded);
  const fitted = score.fittedOnThesePairs ? ', fitted on these very pairs: its figures flatter' : '';
  return [
    ...table(['verification', 'accuracy', 'AUC', 'EER', 'TAR@FAR=1e-2', 'TAR@FAR=1e-3'], rows),
    ...describeSeen(result),
    ...(score.name === 'cosine' ? [] : [`score: ${score.name}${fitted}`]),
    ...refused.map(
      ({ target, impostorsNeeded }) =>
        `no figure at FAR=${target.toExponential(0)}: it takes ${impostorsNeeded} impostor pairs, there are ${impostor}`,
    ),
  ];
}

/** What of the pairs the networks were trained on. */
function describeSeen({ pairs: { from, images, trainedOn }, verification }: EvaluateResult): string[] {
  if (from === 'kept images')
    return verification?.after
      ? [
          'each pair has a kept image that retraining did not see; the network trained on the crawl was trained on all of them, so',
          'its figures are not told here. Whether cleaning helps is measured on other people: facesieve compare',
        ]
      : ['it was trained on the images of these pairs: figures on images that it never saw are lower'];
  return (['before', 'after'] as const).flatMap((name) =>
    trainedOn[name]
      ? [`${trainedOn[name]} of the ${images} images were trained on (${networkTitles[name]}): its figures flatter`]
      : [],
  );
}

function describeIdentification(result: EvaluateResult): string[] {
  const { identification } = result;
  if (!identification) return [];
  const { probes, gallery } = identification.before;
  const rows = titled(result, identification).map(([title, { rank1, cmc }]) => [
    title,
    percent(rank1),
    percent(cmc[4] ?? null),
  ]);
  return table(
    [`${quantity(probes, 'probe')} among ${quantity(gallery, 'identity', 'identities')}`, 'rank 1', 'rank 5'],
    rows,
  );
}

const FIRST = 5;

function describeOverlap({ overlap }: EvaluateResult): string[] {
  if (!overlap) return [];
  const { people, byName, byLikeness, byChance } = overlap;
  if (byName.length + byLikeness.length === 0) return [`none of the ${people} people are in the training set`];
  const head =
    `of ${people} people in the pairs ${byName.length} have a name of the training set, ${byLikeness.length} look like ` +
    `one of its people (by chance alone: ${byChance.toFixed(0)}); figures on people who were trained on flatter`;
  const rows = [
    ...byName.map(({ person, identity }) => [person, identity, 'name']),
    ...byLikeness.map(({ person, identity, cosine }) => [person, identity, `cosine ${cosine.toFixed(2)}`]),
  ];
  const rest = rows.length > FIRST ? [`and ${rows.length - FIRST} more: --json has them all`] : [];
  return [head, ...table(['in the pairs', 'in the training set', 'how'], rows.slice(0, FIRST)), ...rest];
}

export function describeDetection({ detection }: EvaluateResult): string[] {
  if (!detection) return [];
  const { precision, recall, f1, auroc, averagePrecision, cleanLoss } = detection;
  const row = [...[precision, recall, f1, auroc, averagePrecision].map(fraction), percent(cleanLoss)];
  return table(['precision', 'recall', 'F1', 'AUROC', 'AP', 'clean loss'], [row]);
}
