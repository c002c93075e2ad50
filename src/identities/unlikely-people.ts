/** Names that two people are told apart by only in a way that people do not see. */
const lookOf = (name: string): string => name.normalize('NFKC').trim().toLowerCase();

const FIRST = 3;

/**
 * What is unlikely about how many images each identity has, in sentences for people.
 * @param counts images by identity
 */
export function unlikelyPeople(counts: ReadonlyMap<string, number>): string[] {
  const warnings: string[] = [];
  const images = [...counts.values()].reduce((sum, count) => sum + count, 0);
  if (counts.size === 1 && images > 1)
    warnings.push(
      `all ${images} images are of one identity, "${[...counts.keys()][0]}": if that is no person, name the folder level ` +
        'with --identity-depth, or the column with --identity-column',
    );
  if (counts.size > 1 && images === counts.size)
    warnings.push(
      `each of the ${counts.size} identities has one image: nothing can be compared. If these are numbers of images, name ` +
        'the column that says who is who with --identity-column, or the folder level with --identity-depth',
    );
  const looks = new Map<string, string[]>();
  for (const name of counts.keys()) looks.set(lookOf(name), [...(looks.get(lookOf(name)) ?? []), name]);
  const alike = [...looks.values()].filter((names) => names.length > 1);
  if (alike.length > 0) {
    const shown = alike.slice(0, FIRST).map((names) => names.map((name) => `"${name}"`).join(' and '));
    const more = alike.length > FIRST ? `, and ${alike.length - FIRST} more` : '';
    warnings.push(
      `identities differ only in capitals, blanks or letter forms and are kept apart: ${shown.join(', ')}${more}; ` +
        'facesieve identities merge joins them',
    );
  }
  return warnings;
}
