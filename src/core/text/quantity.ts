/**
 * A count with its noun in the number that suits it.
 *
 * @example quantity(1, 'image') // '1 image'
 * @example quantity(3, 'identity', 'identities') // '3 identities'
 */
export const quantity = (count: number, one: string, more?: string): string => `${count} ${nounFor(count, one, more)}`;

/** The noun in the number that suits a count. */
export const nounFor = (count: number, one: string, more = `${one}s`): string => (count === 1 ? one : more);
