import { decisionNames } from '../../core/records.js';
import { evidenceFacts } from '../evidence-facts.js';
import { armNames } from '../../metrics/held-out-people.js';
import { gainSentences } from '../../metrics/gain-sentences.js';
import { armTitles, networkTitles } from '../../workspace/results.js';
import type { ReportFormat } from '../format.js';
import type { Gallery, Report } from '../report.js';
import { visibleText } from '../../core/text/visible-text.js';
import { cutWords, expectedWords, headline, partsWords } from '../sentences.js';
import {
  counted,
  decisionWords,
  degrees,
  fraction,
  galleryWords,
  moment,
  percent,
  several,
  shownWords,
  withInterval,
} from '../words.js';

/** Text of others in Markdown: nothing in it is markup, it stays on its line, and all of it can be seen. */
const plain = (text: string): string =>
  visibleText(text)
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/[\\`*_{}[\]()#+!|~$^=-]/g, '\\$&');

type Cell = string | number;

const table = (headers: readonly string[], rows: readonly (readonly Cell[])[]): string =>
  [headers, headers.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

const LONGEST = 40;

/** The histogram in characters: `#` clean, `x` noise. */
function histogram({ bins, binDegrees }: NonNullable<Report['angles']>): string {
  const most = Math.max(...bins.map(({ clean, noise }) => clean + noise));
  const lines = bins.map(({ from, clean, noise }) => {
    const length = (value: number): number => Math.round((LONGEST * value) / most);
    const bar = '#'.repeat(length(clean)) + 'x'.repeat(length(clean + noise) - length(clean));
    return `${degrees(from).padStart(5)} ${bar.padEnd(LONGEST)} ${counted(clean + noise)}`;
  });
  return [
    '```',
    `images per ${degrees(binDegrees)} from the dominant sub-centre: # clean, x noise`,
    ...lines,
    '```',
  ].join('\n');
}

function noisePart(report: Report): (string | null)[] {
  const { angles, rule } = report;
  if (!angles) return [];
  return [
    '## How much is noise',
    expectedWords(report),
    histogram(angles),
    `${partsWords(angles)} ${cutWords(rule, angles)}`,
  ];
}

function worstPart({ worst: { total, identities } }: Report): string[] {
  if (total === 0) return [];
  const rows = identities.map(({ identity, images, noise, counts }) => [
    ...[plain(identity), counted(images), counted(noise), percent(noise / images, 0)],
    ...[counted(counts.drop), counted(counts.relabel), counted(counts.review)],
  ]);
  return [
    `## Noise by identity (${counted(identities.length)} of ${counted(total)} shown)`,
    table(['identity', 'images', 'wrong', 'share', 'dropped', 'relabelled', 'to review'], rows),
  ];
}

function galleryPart({ kind, total, images }: Gallery): string[] {
  if (total === 0) return [];
  const { title, order } = galleryWords[kind];
  const lines = images.map((image) => {
    const to = image.suggestedIdentity === null ? '' : ` → **${plain(image.suggestedIdentity)}**`;
    const facts = evidenceFacts(image).map(([name, value]) => `${plain(name)} ${plain(value)}`);
    return `- ${plain(image.path)}${to}: ${plain(image.reason)} (${facts.join(', ')})`;
  });
  return [`## ${title} (${shownWords(images.length, total, order)})`, lines.join('\n')];
}

function proposalsPart({ merges, splits }: Report): string[] {
  const joined = (merges?.proposals ?? []).map(
    ({ a, b, confidence, cosine }) =>
      `- ${plain(a)} = ${plain(b)}, confidence ${percent(confidence, 0)}, cosine ${plain(fraction(cosine, 2))}`,
  );
  const divided = (splits?.proposals ?? []).map(
    ({ identity, groups, confidence }) =>
      `- ${plain(identity)}: people of ${groups.map(({ count }) => counted(count)).join(', ')} images, confidence ${percent(confidence, 0)}`,
  );
  return [
    ...(joined.length > 0
      ? [`## One person under two names? (${joined.length} of ${merges!.total} shown)`, joined.join('\n')]
      : []),
    ...(divided.length > 0
      ? [`## Several people under one name? (${divided.length} of ${splits!.total} shown)`, divided.join('\n')]
      : []),
  ];
}

function namesPart({ names }: Report): string[] {
  if (names.length === 0) return [];
  const lines = names.map(
    ({ says, reviewer, givenAt }) => `- ${plain(says)} (${plain(reviewer)}, ${plain(givenAt.slice(0, 10))})`,
  );
  return ['## What people said of names', lines.join('\n')];
}

function overlapPart({ overlap }: Report): string[] {
  if (!overlap) return [];
  const people = overlap.shownPeople.map(
    ({ identity, reference, cosine }) =>
      `- ${plain(identity)} = ${plain(reference)}, cosine ${plain(fraction(cosine, 2))}`,
  );
  const images = overlap.shownImages.map(
    ({ path, reference, same }) => `- ${plain(path)}: the same ${same} as ${plain(reference)}`,
  );
  return [
    '## Overlap with the reference set',
    `${several(overlap.people, 'person', 'people')} and ${several(overlap.images, 'image')}.`,
    [...people, ...images].join('\n'),
  ];
}

function comparisonPart({ comparison }: Report): string[] {
  if (!comparison) return [];
  const { verification, identification, folds, people, pairs } = comparison;
  const rows = armNames.map((arm) => [
    ...[
      armTitles[arm],
      withInterval(verification[arm].accuracy, verification[arm].interval),
      fraction(verification[arm].auc),
    ],
    identification ? withInterval(identification[arm].rank1, identification[arm].interval) : '–',
  ]);
  return [
    '## Does cleaning help?',
    table(['trained on', 'accuracy', 'AUC', 'rank 1'], rows),
    gainSentences(comparison)
      .map((says) => `- ${plain(says)}`)
      .join('\n'),
    `Tested on ${counted(people)} people, held out of all three trainings in ${counted(folds)} parts: ${counted(pairs)} pairs of their kept images.`,
  ];
}

function qualityPart({ training, verification, detection }: Report): string[] {
  const trained = training.map(({ stage, epochs }) => {
    const { loss, meanAngleDegrees } = epochs[epochs.length - 1];
    return [stage, counted(epochs.length), fraction(loss), degrees(meanAngleDegrees, 1)];
  });
  const verified = Object.entries(verification ?? {}).map(([name, v]) => [
    ...[
      networkTitles[name as keyof typeof networkTitles],
      percent(v.accuracy),
      fraction(v.auc),
      percent(v.eer),
      percent(v.tarAtFar['1e-2']),
    ],
  ]);
  const d = detection;
  return [
    ...(trained.length > 0 ? ['## Training', table(['run', 'epochs', 'last loss', 'last mean angle'], trained)] : []),
    ...(verified.length > 0
      ? ['## Verification', table(['network', 'accuracy', 'AUC', 'EER', 'TAR at FAR 1e-2'], verified)]
      : []),
    ...(d
      ? [
          '## Noise found, against the truth',
          table(
            ['precision', 'recall', 'F1', 'AUROC', 'clean images lost'],
            [[fraction(d.precision), fraction(d.recall), fraction(d.f1), fraction(d.auroc), percent(d.cleanLoss)]],
          ),
        ]
      : []),
  ];
}

function skippedPart({ skipped: { total, reasons } }: Report): string[] {
  if (total === 0) return [];
  return [
    `## What was not used (${several(total, 'file')})`,
    reasons.map(({ reason, count }) => `- ${counted(count)} x ${plain(reason)}`).join('\n'),
  ];
}

function makingPart({ stages, versions }: Report): string[] {
  const rows = stages.map(({ stage, id, finishedAt }) => [stage, plain(id), moment(finishedAt)]);
  const written = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return ['## How it was made', table(['stage', 'run', 'finished'], rows), written.join(', ')];
}

/** Text for a pull request or a wiki: no pictures. */
export const markdownFormat: ReportFormat = {
  name: 'md',
  ending: '.md',
  pictures: false,
  write(report) {
    const rows = decisionNames.map((name) => [name, counted(report.decisions[name]), decisionWords[name].means]);
    const parts = [
      `# ${plain(report.source)}: what facesieve found`,
      `As of ${moment(report.madeAt)}.`,
      report.notes.map((note) => `> ${note}`).join('\n>\n'),
      headline(report)
        .map(({ figure, what, more }) => `- **${figure}** ${what}: ${more}`)
        .join('\n'),
      table(['decision', 'images', 'which means'], rows),
      ...noisePart(report),
      ...worstPart(report),
      ...comparisonPart(report),
      ...qualityPart(report),
      ...report.galleries.flatMap(galleryPart),
      ...proposalsPart(report),
      ...namesPart(report),
      ...overlapPart(report),
      ...skippedPart(report),
      ...makingPart(report),
    ];
    return `${parts.filter(Boolean).join('\n\n')}\n`;
  },
};
