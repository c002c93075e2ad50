import { ask } from './api.js';
import { byId, faceImage, fill, make, part } from './dom.js';
import { counted } from './person-view.js';

/** @typedef {{ name: string, images: number, face: number | null, isNew: boolean }} Offer */

/**
 * Asks whose image it is: type-ahead over all names, and a new one if it is none of them.
 * @param {string} own Its name now, which is no answer.
 * @param {string} version
 * @returns {Promise<string | null>}
 */
export function askForName(own, version) {
  const dialog = byId('names', HTMLDialogElement);
  const input = byId('names-input', HTMLInputElement);
  const list = part('names-list');
  /** @type {Offer[]} */
  let offers = [];
  let at = 0;
  let asked = 0;
  let answer = /** @type {string | null} */ (null);

  const mark = () => {
    [...list.children].forEach((item, i) => item.setAttribute('aria-selected', String(i === at)));
    const item = list.children[at];
    if (item) input.setAttribute('aria-activedescendant', item.id);
    else input.removeAttribute('aria-activedescendant');
    item?.scrollIntoView({ block: 'nearest' });
  };

  /** @param {number} index */
  const take = (index) => {
    if (!offers[index]) return;
    answer = offers[index].name;
    dialog.close();
  };

  const offer = async () => {
    const typed = input.value.trim();
    const mine = ++asked;
    const { items } = /** @type {import('../queries/api-types.js').NamesAnswer} */ (await ask('names', { typed }));
    if (mine !== asked) return; // typed on meanwhile
    const known = items.filter(({ name }) => name !== own).map((item) => ({ ...item, isNew: false }));
    offers = known.some(({ name }) => name === typed) || !mayBeName(typed, own) ? known : [...known, newName(typed)];
    fill(
      list,
      ...offers.map((item, i) => {
        const made = entry(item, i, version);
        made.addEventListener('mousedown', (event) => event.preventDefault()); // focus stays in the field
        made.addEventListener('click', () => take(i));
        return made;
      }),
    );
    at = typed === '' ? -1 : 0; // nobody is taken by an Enter too many
    mark();
  };

  return new Promise((done) => {
    const listening = new AbortController();
    const { signal } = listening;
    input.addEventListener('input', () => void offer(), { signal });
    input.addEventListener(
      'keydown',
      (event) => {
        const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
        if (event.key === 'Enter') take(at);
        else if (step && offers.length > 0)
          at = at < 0 && step < 0 ? offers.length - 1 : (at + step + offers.length) % offers.length;
        else return;
        event.preventDefault();
        mark();
      },
      { signal },
    );
    dialog.addEventListener(
      'close',
      () => {
        listening.abort();
        done(answer);
      },
      { signal },
    );
    input.value = '';
    fill(list);
    dialog.showModal();
    void offer();
  });
}

/** The same that `decisions import` asks of a name. @param {string} typed @param {string} own */
const mayBeName = (typed, own) =>
  typed !== '' && !typed.includes('/') && typed !== '.' && typed !== '..' && typed !== own;

/** @param {string} name @returns {Offer} */
const newName = (name) => ({ name, images: 0, face: null, isNew: true });

/** @param {Offer} offer @param {number} index @param {string} version */
const entry = ({ name, images, face, isNew }, index, version) =>
  make(
    'li',
    { role: 'option', id: `name-${index}`, className: isNew ? 'new' : '' },
    face === null
      ? make('span', { className: 'no-face', 'aria-hidden': 'true' }, isNew ? '+' : '')
      : faceImage(face, version, ''),
    make('span', {}, isNew ? `New name: ${name}` : name),
    make('span', { className: 'figures muted' }, isNew ? '' : counted(images, 'image')),
  );
