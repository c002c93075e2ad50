import { announce, fill, make, part } from './dom.js';
import { counted } from './person-view.js';
import { addressOf } from './route.js';

/**
 * @typedef {import('./route.js').Route} Route
 * @typedef {import('../queries/api-types.js').SessionAnswer} Session
 */

/** Words in the place of a question. @param {string} title @param {string} text @param {Node[]} links */
export function showEmpty(title, text, links) {
  part('screen').hidden = true;
  part('empty').hidden = false;
  part('stage').removeAttribute('aria-busy');
  part('empty-title').textContent = title;
  part('empty-text').textContent = text;
  fill(part('empty-tools'), ...links);
  announce(title);
}

/** Nothing is left to answer, or nothing was there. @param {Route} route @param {Session} session */
export function showFinished({ show, search }, { decisions, next }) {
  const asked = Object.entries(decisions).reduce(
    (sum, [kind, { questions }]) => (show.includes(kind) ? sum + questions : sum),
    0,
  );
  const others = /** @type {const} */ (['relabel', 'drop', 'hard'])
    .map((kind) => /** @type {const} */ ([kind, decisions[kind].questions - decisions[kind].answered]))
    .filter(([kind, left]) => !show.includes(kind) && left > 0)
    .map(([kind, left]) => kindLink(kind, left));
  if (search)
    showEmpty('Nothing under that name', `No name with “${search}” in it has open questions of this kind.`, []);
  else if (asked === 0)
    showEmpty(
      'Nothing to review',
      'The program was sure of every image. If you like, look at what it decided without asking.',
      others,
    );
  else
    showEmpty(
      'Done, thank you',
      `All ${counted(asked, 'question')} of this kind are answered, and every verdict is stored. ` +
        'Ctrl-C in the terminal ends this page. Then write the set with what was said:',
      [make('code', { className: 'command' }, next), ...others],
    );
}

/** @param {Route} route */
export const continueLink = (route) =>
  make(
    'a',
    { className: 'button', href: addressOf({ ...route, identity: null, image: null }) },
    'Go on with the next question',
  );

/** @param {string} kind @param {number} count */
const kindLink = (kind, count) =>
  make(
    'a',
    { className: 'button', href: addressOf({ identity: null, show: [kind], open: true, search: '', image: null }) },
    `Look at ${count.toLocaleString()} × ${kind}`,
  );
