/**
 * A count with its noun in the number that suits it.
 *
 * @example quantity(1, 'image') // '1 image'
 * @example quantity(3, 'identity', 'identities') // '3 identities'
 */
export const quantity = (count: number, one: string, more = `${one}s`): string =>
  `${count} ${count === 1 ? one : more}`;
