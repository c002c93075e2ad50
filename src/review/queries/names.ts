import type { DecisionHead } from '../../workspace/decisions.js';
import type { Survey } from './survey.js';

/** Names an image can be given to: the set's, and those that people gave. */
function namesOf({ byIdentity, verdicts }: Survey): Map<string, DecisionHead[]> {
  const names = new Map<string, DecisionHead[]>(byIdentity);
  for (const { identity } of verdicts.values()) if (identity !== null && !names.has(identity)) names.set(identity, []);
  return names;
}

/** Names that fit what was typed: those that begin with it, then those with a word that does, then those that hold it. */
export function namesLike(survey: Survey, typed: string, most: number): { name: string; images: number }[] {
  const wanted = plain(typed);
  const ranked: { name: string; images: number; rank: number }[] = [];
  for (const [name, heads] of namesOf(survey)) {
    const at = plain(name).indexOf(wanted);
    if (at < 0) continue;
    const rank = at === 0 ? 0 : plain(name).includes(` ${wanted}`) ? 1 : 2;
    ranked.push({ name, images: heads.length, rank });
  }
  ranked.sort((a, b) => a.rank - b.rank || (a.name < b.name ? -1 : 1));
  return ranked.slice(0, most).map(({ name, images }) => ({ name, images }));
}

/** Small letters without accents; folders write spaces as underscores. */
const plain = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/\p{Mn}/gu, '')
    .replaceAll('_', ' ')
    .trim()
    .toLowerCase();
