import { ask } from './api.js';
import { byId, button, part } from './dom.js';
import { showEmpty } from './empty-view.js';
import { arrive, goOnNames, turn, visit, visitNames } from './navigation.js';
import { listenToKeys, makeHelp } from './keys.js';
import { answerNames, moveFace, sayWho, setWays, turnFace, turnNames } from './names-saying.js';
import { showTrouble } from './progress-view.js';
import { goTo } from './route.js';
import { choose, chooseFace, heard, toggleSeveral, undo } from './verdict-actions.js';
import { makeFilters, showIdentities } from './side-view.js';
import { now } from './state.js';
import { choices, makeChoices } from './verdicts.js';

/** @param {string} wanted */
const choiceOf = (wanted) => /** @type {import('./verdicts.js').Choice} */ (choices.find(({ key }) => key === wanted));

function listen() {
  makeHelp();
  makeChoices((choice) => void choose(choice));
  makeFilters((change) => {
    now.route = { ...now.route, ...change, image: null, identity: null, names: null };
    goTo(now.route, false);
    void arrive();
  });
  const help = () => byId('help', HTMLDialogElement).showModal();
  const side = (/** @type {boolean} */ open) => {
    document.body.classList.toggle('side-open', open);
    button('open-side').setAttribute('aria-expanded', String(open));
  };
  const next = () => (now.names ? turnNames(1) : void visit(now.screen?.next ?? null));
  const previous = () => (now.names ? turnNames(-1) : void visit(now.screen?.previous ?? null));
  const step = (/** @type {1 | -1} */ by) => (now.names ? turnFace(by) : void turn(by));
  const apart = () => answerNames('different');
  setWays({ visit: (key) => void visitNames(key), onward: () => void goOnNames(), heard });
  button('names-join').addEventListener('click', () => answerNames('one-person'));
  button('names-apart').addEventListener('click', apart);
  button('names-who').addEventListener('click', () => void sayWho());
  button('names-move').addEventListener('click', moveFace);
  button('names-next').addEventListener('click', next);
  button('names-previous').addEventListener('click', previous);
  button('undo').addEventListener('click', () => undo());
  button('open-help').addEventListener('click', help);
  button('open-side').addEventListener('click', () => side(!document.body.classList.contains('side-open')));
  button('several-toggle').addEventListener('click', toggleSeveral);
  button('next').addEventListener('click', next);
  button('previous').addEventListener('click', previous);
  button('zoom').addEventListener('click', () => void chooseFace());
  button('more').addEventListener('click', () => void showIdentities(now.route, true));
  part('skip').addEventListener('click', (event) => {
    event.preventDefault();
    part('stage').focus();
  });
  listenToKeys({
    ...Object.fromEntries(choices.map((choice) => [choice.key, () => void choose(choice)])),
    j: () => answerNames('one-person'),
    m: moveFace,
    i: () => void sayWho(),
    // S and N say nothing of the kind of names that they are not for. No key that answers at once means two things.
    s: () => now.names?.asked.kind === 'split' && apart(),
    n: () => (now.names ? now.names.asked.kind !== 'split' && apart() : void choose(choiceOf('n'))),
    t: toggleSeveral,
    u: () => undo(),
    z: () => void chooseFace(),
    '/': () => {
      side(true);
      part('search').focus();
    },
    '?': help,
    ArrowRight: () => step(1),
    ArrowLeft: () => step(-1),
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
