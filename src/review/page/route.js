/**
 * Where one is, as the address says it: `#/identity/NAME?show=review,drop&open=0&search=ada&image=12`. A link to it, kept
 * or passed on, leads there again while the server runs.
 * `#/names/KEY` is a question about names.
 * @typedef {{ identity: string | null, names?: string | null, show: string[], open: boolean, search: string, image: number | null }} Route
 */

export const everyKind = /** @type {const} */ (['review', 'relabel', 'drop', 'hard', 'duplicate', 'keep']);

/** @returns {Route} */
export function currentRoute() {
  const [path, query = ''] = location.hash.replace(/^#\/?/, '').split('?');
  const [kind, name] = path.split('/');
  const values = new URLSearchParams(query);
  const show = (values.get('show') ?? '').split(',').filter((word) => everyKind.some((known) => known === word));
  return {
    identity: kind === 'identity' && name ? decoded(name) : null,
    names: kind === 'names' && name ? decoded(name) : null,
    show: show.length > 0 ? show : ['review'],
    open: values.get('open') !== '0',
    search: values.get('search') ?? '',
    image: /^\d+$/.test(values.get('image') ?? '') ? Number(values.get('image')) : null,
  };
}

/** @param {Route} route */
export function addressOf({ identity, names = null, show, open, search, image }) {
  const values = new URLSearchParams();
  if (show.join() !== 'review') values.set('show', show.join(','));
  if (!open) values.set('open', '0');
  if (search) values.set('search', search);
  if (image !== null && names === null) values.set('image', String(image));
  const query = values.size > 0 ? `?${values}` : '';
  if (names !== null) return `#/names/${encodeURIComponent(names)}${query}`;
  return identity === null ? `#/${query}` : `#/identity/${encodeURIComponent(identity)}${query}`;
}

/**
 * Puts `route` into the address.
 * @param {Route} route
 * @param {boolean} replace Another image of the same screen is no step to come back to.
 */
export function goTo(route, replace) {
  const address = addressOf(route);
  if (location.hash === address) return;
  if (replace) history.replaceState(null, '', address);
  else history.pushState(null, '', address);
}

/**
 * What the server is asked with.
 * @param {Route} route
 */
export const filterOf = ({ show, open, search }) => ({ show: show.join(','), open: open ? '1' : '0', search });

/** @param {string} name */
function decoded(name) {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
