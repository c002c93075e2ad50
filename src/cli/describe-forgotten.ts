import type { ForgetResult } from '../workspace/erase/erase.js';
import { quantity } from '../core/text/quantity.js';

/** Paths shown; `--json` has them all. */
const FIRST = 20;

const list = (head: string, lines: readonly string[]): string[] => {
  if (lines.length === 0) return [];
  const rest = lines.length > FIRST ? [`  and ${lines.length - FIRST} more: --json has them all`] : [];
  return [head, ...lines.slice(0, FIRST).map((line) => `  ${line}`), ...rest];
};

/** What went or would go, what is left, and what a search of all files found. */
export function describeForgotten(result: ForgetResult): string[] {
  const { dryRun, copies, alike, left, paths, finished, already, unreadable } = result;
  return [
    ...list('An earlier forget was interrupted; it is finished now. It was of:', finished),
    ...list('Forgotten already:', already),
    ...list(dryRun ? 'Would be forgotten:' : 'Forgotten:', paths),
    ...counts(result),
    ...list('Not named, but the same file, so they go too:', copies),
    ...list('They stay, although sift says that they show the same photograph; name them to have them go:', alike),
    ...list('Files that could not be read, so they went whole:', unreadable),
    ...searched(result),
    '',
    ...list('What cannot be removed from here:', left),
    ...(dryRun && paths.length + result.identities > 0 ? ['', footer(result)] : []),
  ];
}

const footer = ({ finished }: ForgetResult): string =>
  `${finished.length > 0 ? 'Nothing else' : 'Nothing'} was changed. --yes does it; this cannot be undone.`;

function counts(result: ForgetResult): string[] {
  const { images, identities, crops, embeddings, embeddingFiles, decisions, verdicts, proposals } = result;
  if (images === 0 && identities === 0) return [];
  return [
    '',
    `${quantity(images, 'image')}, ${quantity(identities, 'identity', 'identities')}: ${quantity(crops, 'crop')}, ${quantity(embeddings, 'embedding')}, ${quantity(decisions, 'decision')}, ` +
      `${quantity(verdicts, 'verdict')}, ${quantity(proposals, 'proposal')}; ${quantity(result.reports, 'file')} of reports`,
    ...(embeddingFiles > 0 ? [`${quantity(embeddingFiles, 'file')} of embeddings of other datasets, whole`] : []),
    ...(result.purified > 0
      ? [`${quantity(result.purified, 'purified set')} in the workspace: purify writes them again`]
      : []),
  ];
}

function searched({ searched: search, found }: ForgetResult): string[] {
  if (search === null) return [];
  const { files, bytes, needles } = search;
  const lines = (rightly: boolean): string[] =>
    found
      .filter(({ why }) => (why !== null) === rightly)
      .map(
        ({ what, where, times, why }) =>
          `"${what}", ${quantity(times, 'time')} in ${where}${why === null ? '' : ` (${why})`}`,
      );
  return [
    '',
    `Searched afterwards: ${quantity(files, 'file')} of the workspace (${bytes} bytes) for ${needles} names, paths and hashes.` +
      (found.length === 0 ? ' None was found.' : ''),
    ...list('Still found, for a reason:', lines(true)),
    ...list('STILL FOUND for an unknown reason; look there, and delete the workspace if in doubt:', lines(false)),
  ];
}
