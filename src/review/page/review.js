import { ask } from './api.js';
import { byId, button, part } from './dom.js';
import { showEmpty } from './empty-view.js';
import { arrive, turn, visit } from './going.js';
import { listenToKeys, makeHelp } from './keys.js';
import { showPhoto } from './photo-dialog.js';
import { showTrouble } from './progress-view.js';
import { goTo } from './route.js';
import { choose, toggleSeveral, undo } from './saying.js';
import { makeFilters, showIdentities } from './side-view.js';
import { now, question } from './state.js';
import { choices, makeChoices } from './verdicts.js';

function photo() {
  const asked = question();
  if (asked) showPhoto(asked, now.session.version);
}

function listen() {
  makeHelp();
  makeChoices((choice) => void choose(choice));
  makeFilters((change) => {
    now.route = { ...now.route, ...change, image: null, identity: null };
    goTo(now.route, false);
    void arrive();
  });
  const help = () => byId('help', HTMLDialogElement).showModal();
  const side = (/** @type {boolean} */ open) => {
    document.body.classList.toggle('side-open', open);
    button('open-side').setAttribute('aria-expanded', String(open));
  };
  const next = () => void visit(now.screen?.next ?? null);
  const previous = () => void visit(now.screen?.previous ?? null);
  button('undo').addEventListener('click', () => undo());
  button('open-help').addEventListener('click', help);
  button('open-side').addEventListener('click', () => side(!document.body.classList.contains('side-open')));
  button('several-toggle').addEventListener('click', toggleSeveral);
  button('next').addEventListener('click', next);
  button('previous').addEventListener('click', previous);
  button('zoom').addEventListener('click', photo);
  button('more').addEventListener('click', () => void showIdentities(now.route, true));
  part('skip').addEventListener('click', (event) => {
    event.preventDefault();
    part('stage').focus();
  });
  listenToKeys({
    ...Object.fromEntries(choices.map((choice) => [choice.key, () => void choose(choice)])),
    t: toggleSeveral,
    u: () => undo(),
    z: photo,
    '/': () => {
      side(true);
      part('search').focus();
    },
    '?': help,
    ArrowRight: () => void turn(1),
    ArrowLeft: () => void turn(-1),
    'Shift+ArrowRight': next,
    'Shift+ArrowLeft': previous,
  });
  addEventListener('hashchange', () => {
    side(false);
    void arrive();
  });
  addEventListener('unhandledrejection', ({ reason }) =>
    showTrouble(0, reason instanceof Error ? reason.message : String(reason)),
  );
}

async function begin() {
  history.replaceState(null, '', `${location.pathname}${location.hash}`); // the key is in a cookie now
  listen();
  now.session = await ask('session');
  part('reviewer').textContent = now.session.reviewer;
  await arrive();
}

begin().catch((error) => showEmpty('The page could not be opened', error.message, []));
