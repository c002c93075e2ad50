import type { ForgetResult } from '../forget/forget.js';

/** Paths shown; `--json` has them all. */
const FIRST = 20;

const list = (head: string, lines: readonly string[]): string[] => {
  if (lines.length === 0) return [];
  const rest = lines.length > FIRST ? [`  and ${lines.length - FIRST} more: --json has them all`] : [];
  return [head, ...lines.slice(0, FIRST).map((line) => `  ${line}`), ...rest];
};

/** What went or would go, and what is left: the lines. */
export function describeForgotten(result: ForgetResult): string[] {
  const { dryRun, images, identities, crops, embeddings, embeddingFiles, copies, alike, left, paths } = result;
  const { decisions, verdicts, proposals, reports, purified } = result;
  const files = embeddingFiles > 0 ? [`${embeddingFiles} files of embeddings of other datasets, whole`] : [];
  const sets = purified > 0 ? [`${purified} purified sets in the workspace: purify writes them anew`] : [];
  return [
    ...list(dryRun ? 'Would be forgotten:' : 'Forgotten:', paths),
    '',
    `${images} images, ${identities} identities: ${crops} crops, ${embeddings} embeddings, ${decisions} decisions, ` +
      `${verdicts} verdicts, ${proposals} proposals; ${reports} files of reports`,
    ...files,
    ...sets,
    ...list('Not named, but the same file, so they go too:', copies),
    ...list('They stay, although sift says that they show the same photograph; name them to have them go:', alike),
    '',
    ...list('What cannot be removed from here:', left),
    ...(dryRun ? ['', 'Nothing was changed. --yes does it; there is no way back.'] : []),
  ];
}
