import { ask } from './api.js';
import { byId, button, fill, make, part } from './dom.js';
import { askedWords } from './names-view.js';
import { counted } from './person-view.js';
import { addressOf, everyKind, filterOf } from './route.js';

/**
 * @typedef {import('../queries/api-types.js').SessionAnswer} Session
 * @typedef {import('../queries/api-types.js').IdentitiesAnswer} Identities
 * @typedef {import('./route.js').Route} Route
 */

const PAGE = 50;

/**
 * The filters, made once.
 * @param {(change: Partial<Route>) => void} changed
 */
export function makeFilters(changed) {
  fill(
    part('kinds'),
    ...everyKind.map((kind) =>
      make(
        'label',
        { className: 'kind' },
        make('input', { type: 'checkbox', name: 'show', value: kind, id: `show-${kind}` }),
        make('span', {}, kind),
        make('span', { className: 'figures muted', id: `count-${kind}` }),
      ),
    ),
  );
  part('filters').addEventListener('submit', (event) => event.preventDefault());
  part('kinds').addEventListener('change', () => {
    const show = everyKind.filter((kind) => byId(`show-${kind}`, HTMLInputElement).checked);
    changed({ show: show.length > 0 ? [...show] : ['review'] });
  });
  const open = byId('open-only', HTMLInputElement);
  open.addEventListener('change', () => changed({ open: open.checked }));
  const search = byId('search', HTMLInputElement);
  let timer = 0;
  search.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(() => changed({ search: search.value.trim() }), 150);
  });
}

/** @param {Route} route @param {Session} session */
export function showFilters({ show, open, search }, session) {
  for (const kind of everyKind) {
    byId(`show-${kind}`, HTMLInputElement).checked = show.includes(kind);
    const { questions, answered } = session.decisions[kind];
    part(`count-${kind}`).textContent = (open ? questions - answered : questions).toLocaleString();
  }
  part('final').textContent = `With all verdicts: ${inWords(session.final)}`;
  byId('open-only', HTMLInputElement).checked = open;
  const field = byId('search', HTMLInputElement);
  if (document.activeElement !== field) field.value = search;
  part('several').hidden = session.severalPeople.length === 0;
  fill(
    part('several-list'),
    ...session.severalPeople.map(({ identity, reviewer }) =>
      make('li', {}, link({ ...base(show, open), identity }, identity, reviewer)),
    ),
  );
}

/** @param {Session['final']} counts */
const inWords = (counts) =>
  Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([kind, count]) => `${count.toLocaleString()} ${kind}`)
    .join(' · ');

/**
 * Lists the questions about names, and says how far the search for more is. @param {Route} route
 * @returns {Promise<import('../queries/api-types.js').NameQuestionsAnswer['search']>}
 */
export async function showNameList({ show, open, names }) {
  const { items, search } = /** @type {import('../queries/api-types.js').NameQuestionsAnswer} */ (
    await ask('name-questions')
  );
  const words = {
    searching: 'Looking for people among the dropped images …',
    found: search.message ?? '',
    failed: `The dropped images were not searched for people. ${search.message ?? ''}`,
  };
  part('name-search').textContent = words[search.state];
  part('name-search').hidden = words[search.state] === '';
  part('name-questions').hidden = items.length === 0 && words[search.state] === '';
  fill(
    part('name-questions-list'),
    ...items.map((item) => {
      const figure = item.answer === null ? item.confidence.toFixed(2) : '✓';
      const made = link({ ...base(show, open), names: item.key }, askedWords(item), figure);
      if (item.key === names) made.setAttribute('aria-current', 'page');
      return make('li', {}, made);
    }),
  );
  return search;
}

/** @param {string[]} show @param {boolean} open @returns {Route} */
const base = (show, open) => ({ identity: null, show, open, search: '', image: null });

/** How many identities are listed already. */
let listed = 0;

/** Counts the lists asked for: one that comes in late is not shown over a newer one. */
let asked = 0;

/**
 * Lists the identities with such questions, from the first on or further.
 * @param {Route} route
 * @param {boolean} further
 */
export async function showIdentities(route, further = false) {
  const offset = further ? listed : 0;
  const query = {
    ...filterOf(route),
    offset: String(offset),
    limit: String(Math.max(PAGE, further ? 0 : Math.min(listed, 200))),
  };
  const mine = ++asked;
  const { total, items } = /** @type {Identities} */ (await ask('identities', query));
  if (mine !== asked) return;
  listed = offset + items.length;
  const entries = items.map(({ name, questions, answered }) => {
    const left = questions - answered;
    const figure = answered === 0 || left === 0 ? `${questions}` : `${left} of ${questions}`;
    const made = link({ ...route, identity: name, image: null }, name, left === 0 ? `${questions} ✓` : figure);
    return make('li', { 'data-name': name }, made);
  });
  const list = part('identities');
  if (further) list.append(...entries);
  else fill(list, ...entries);
  part('found').textContent = counted(total, 'identity', 'identities');
  button('more').hidden = listed >= total;
  markIdentity(route.identity);
}

/** @param {Route} route @param {string} name @param {string} figure */
const link = (route, name, figure) =>
  make('a', { href: addressOf(route) }, make('span', {}, name), make('span', { className: 'figures' }, figure));

/** @param {string | null} identity */
function markIdentity(identity) {
  for (const item of part('identities').children)
    if (item instanceof HTMLElement && item.firstElementChild) {
      const current = item.dataset.name === identity;
      if (current) item.firstElementChild.setAttribute('aria-current', 'page');
      else item.firstElementChild.removeAttribute('aria-current');
    }
}
