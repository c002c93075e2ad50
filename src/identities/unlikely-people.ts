/** Names that two people are told apart by only in a way that people do not see. */
const lookOf = (name: string): string => name.normalize('NFKC').trim().toLowerCase();

const FIRST = 3;

/** Names that programs and people give to what they could not name. */
const NOBODY =
  /^(unknown|unlabell?ed|no[-_ ]?(label|name|match)|others?|misc|noise|distractors?|background|strangers?|undefined|unassigned|\?+|-+|_+)$/i;

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
  const nobody = [...counts]
    .filter(([name]) => NOBODY.test(name.trim()))
    .map(([name, count]) => `"${name}" (${count} images)`);
  if (nobody.length > 0)
    warnings.push(
      `by their names these identities may stand for nobody, or for many people: ${nobody.slice(0, FIRST).join(', ')}; ` +
        'they are taken for one person each. Leave them out of the source if they are none',
    );
  return warnings;
}
