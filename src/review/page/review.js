import { ask, Refusal } from './api.js';
import { announce, byId, button, part } from './dom.js';
import { continueLink, showEmpty, showFinished } from './empty-view.js';
import { listenToKeys, makeHelp } from './keys.js';
import { askForName } from './name-dialog.js';
import { counted, showPerson, showSeveral } from './person-view.js';
import { showPhoto } from './photo-dialog.js';
import { showProgress, showTrouble } from './progress-view.js';
import { showQuestion } from './question-view.js';
import { currentRoute, filterOf, goTo } from './route.js';
import { makeFilters, markIdentity, showFilters, showIdentities } from './side-view.js';
import { markInStrip, selectInStrip, showStrip } from './strip-view.js';
import { VerdictQueue } from './verdict-queue.js';
import { choices, makeChoices, verdictWords } from './verdicts.js';

/**
 * @typedef {import('../desk/answers.js').IdentityAnswer} Identity
 * @typedef {import('../desk/answers.js').SessionAnswer} Session
 * @typedef {import('../desk/answers.js').SaidAnswer} SaidAnswer
 * @typedef {import('../desk/answers.js').TakenBackAnswer} TakenBack
 * @typedef {import('./verdicts.js').Choice} Choice
 * @typedef {import('./verdicts.js').Given} Given
 */

const PAGE = 60;

let session = /** @type {Session} */ (/** @type {unknown} */ (null));
let route = currentRoute();
let screen = /** @type {Identity | null} */ (null);
let index = 0;
/** Counts arrivals: what comes in late of an earlier one is not shown, and no key means the screen before. */
let arrival = 0;
let arriving = true;
const queue = new VerdictQueue(showTrouble);

const question = () => (arriving ? undefined : screen?.questions[index]);
const openIn = () => (screen?.questions ?? []).filter(({ verdict }) => verdict === null).length;

/* Going places */

/** Shows what the address says. */
async function arrive() {
  arriving = true;
  const mine = ++arrival;
  route = currentRoute();
  if (route.identity === null) {
    const { identity } = /** @type {{ identity: string | null }} */ (await ask('resume', filterOf(route)));
    if (mine !== arrival) return;
    route = { ...route, identity };
    if (identity !== null) goTo(route, true);
  }
  showFilters(route, session);
  showProgress(route.show, session.decisions);
  void showIdentities(route);
  if (route.identity === null) {
    screen = null;
    return showFinished(route, session);
  }
  await load(route.identity, mine);
}

/** @param {string} identity @param {number} mine */
async function load(identity, mine) {
  part('stage').setAttribute('aria-busy', 'true');
  try {
    const query = { ...filterOf(route), name: identity, limit: String(PAGE) };
    const answer = /** @type {Identity} */ (await ask('identity', query));
    if (mine !== arrival) return;
    screen = answer;
    arriving = false;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    if (mine !== arrival) return;
    screen = null;
    return showEmpty(error.message, 'It may be called something else since the last run.', [continueLink(route)]);
  }
  part('screen').hidden = false;
  part('empty').hidden = true;
  part('stage').removeAttribute('aria-busy');
  document.title = `${screen.name} · review · facesieve`;
  showPerson(screen, session.version);
  showStrip(screen, session.version, select);
  const wanted = screen.questions.findIndex(({ id }) => id === route.image);
  select(
    wanted >= 0
      ? wanted
      : Math.max(
          0,
          screen.questions.findIndex(({ verdict }) => verdict === null),
        ),
  );
  announce(`${screen.name}: ${counted(openIn(), 'open question')}`);
}

/** @param {number} at */
function select(at) {
  if (!screen) return;
  index = at;
  const asked = question();
  part('question').hidden = part('actions').hidden = !asked;
  part('all-answered').hidden = Boolean(asked);
  if (!asked) {
    part('all-answered').textContent = `Nothing to answer under ${screen.name} with these filters.`;
    return;
  }
  showQuestion(asked, screen.name, session.version);
  selectInStrip(index);
  route = { ...route, identity: screen.name, image: asked.id };
  goTo(route, true);
}

/** @param {string | null} identity @param {number | null} image */
async function visit(identity, image = null) {
  if (identity === null) return;
  goTo({ ...route, identity, image }, false);
  await arrive();
}

/** @param {1 | -1} step */
async function turn(step) {
  if (!screen) return;
  if (index + step >= screen.questions.length) await loadMore();
  if (screen.questions[index + step]) select(index + step);
  else await visit(step > 0 ? screen.next : screen.previous);
}

async function loadMore() {
  if (!screen || screen.questions.length >= screen.total) return;
  // Answered questions are left out of what follows when only open ones are asked for.
  await queue.idle();
  const gone = route.open ? screen.questions.filter(({ verdict }) => verdict !== null).length : 0;
  const offset = String(screen.questions.length - gone);
  const more = /** @type {Identity} */ (
    await ask('identity', { ...filterOf(route), name: screen.name, offset, limit: String(PAGE) })
  );
  const known = new Set(screen.questions.map(({ id }) => id));
  screen.questions.push(...more.questions.filter(({ id }) => !known.has(id)));
  if (more.questions.length === 0) screen.total = screen.questions.length;
  showStrip(screen, session.version, select);
  selectInStrip(index);
}

/** The next open question of this identity, else the next identity that has one, else the end. */
async function goOn() {
  if (!screen) return;
  const { questions } = screen;
  const after = questions.findIndex(({ verdict }, i) => i > index && verdict === null);
  if (after >= 0) return select(after);
  if (questions.length < screen.total) {
    const before = questions.length;
    await loadMore();
    if (screen.questions.length > before) return select(before);
  }
  const left = questions.findIndex(({ verdict }) => verdict === null);
  if (left >= 0) return select(left);
  if (screen.next !== null) return visit(screen.next);
  await queue.idle(); // the server must know of the last verdict to say what is left
  goTo({ ...route, identity: null, image: null }, false);
  await arrive();
}

/* Saying something */

/** @param {Choice} choice */
async function choose({ verdict }) {
  const asked = question();
  if (!screen || !asked) return;
  if (verdict === 'other') {
    const name = await askForName(screen.name, session.version);
    if (name !== null && asked === question()) say('relabel', name);
  } else if (verdict !== 'relabel') say(verdict, null);
  else if (asked.rival) say('relabel', asked.rival.identity);
}

/** @param {Given['verdict']} verdict @param {string | null} identity */
function say(verdict, identity) {
  const asked = question();
  if (!screen || !asked) return;
  const [before, at, { questions }] = [asked.verdict, index, screen];
  const mark = (/** @type {Given | null} */ given) => {
    asked.verdict = given;
    if (screen?.questions === questions) markInStrip(questions, at);
    if (asked === question() && screen) showQuestion(asked, screen.name, session.version);
  };
  mark({ verdict, identity, reviewer: session.reviewer, givenAt: new Date().toISOString() });
  announce(
    `${asked.path} ${verdictWords(/** @type {Given} */ (asked.verdict))}. ${counted(openIn(), 'open question')} left here.`,
  );
  const body = { image: asked.id, verdict, ...(identity !== null && { identity }) };
  queue.add({ path: 'verdicts', body, done: heard, revert: () => mark(before) });
  void goOn();
}

function toggleSeveral() {
  if (!screen) return;
  const person = screen;
  const before = person.severalPeople;
  const verdict = before === null ? 'several-people' : null;
  const mark = (/** @type {Identity['severalPeople']} */ given) => {
    person.severalPeople = given;
    session.severalPeople = session.severalPeople.filter(({ identity }) => identity !== person.name);
    if (given) session.severalPeople.push(given);
    if (screen === person) showSeveral(person);
    showFilters(route, session);
  };
  const { reviewer } = session;
  mark(verdict && { identity: person.name, verdict, reviewer, givenAt: new Date().toISOString() });
  announce(verdict ? `${person.name} is marked as two people` : `${person.name} is one person again`);
  const body = { identity: person.name, verdict };
  queue.add({ path: 'identity-verdicts', body, done: heard, revert: () => mark(before) });
}

function undo(several = false) {
  if (!several && queue.dropLast()) return announce('Taken back before it was stored');
  queue.add({ path: 'undo', body: { several }, done: takenBack, revert: () => undefined });
}

/** @param {TakenBack} answer */
async function takenBack(answer) {
  const { identity, image, images, done, verdict } = answer;
  if (!done && images > 1) {
    if (confirm(`Your last ${images} verdicts came at once, as from an import. Take all of them back?`)) undo(true);
    return;
  }
  heard(answer);
  if (!done) return announce('There is nothing of yours left to take back');
  announce(`Taken back: ${images === 0 ? `“two people” of ${identity}` : counted(images, 'verdict')}`);
  session = await ask('session');
  const at = screen?.name === identity ? screen?.questions.findIndex(({ id }) => id === image) : undefined;
  if (screen && at !== undefined && at >= 0) {
    screen.questions[at].verdict = verdict;
    markInStrip(screen.questions, at);
    select(at);
    void showIdentities(route);
  } else if (screen?.name === identity && image === null) await arrive();
  else await visit(identity, image);
}

/* What is shown round the question */

/** @param {SaidAnswer} answer */
function heard({ decisions }) {
  session = { ...session, decisions };
  showProgress(route.show, session.decisions);
  showFilters(route, session);
}

function photo() {
  const asked = question();
  if (asked) showPhoto(asked, session.version);
}

/* Beginning */

function listen() {
  makeHelp();
  makeChoices((choice) => void choose(choice));
  makeFilters((change) => {
    route = { ...route, ...change, image: null, identity: null };
    goTo(route, false);
    void arrive();
  });
  const help = () => byId('help', HTMLDialogElement).showModal();
  const side = (/** @type {boolean} */ open) => {
    document.body.classList.toggle('side-open', open);
    button('open-side').setAttribute('aria-expanded', String(open));
  };
  const next = () => void visit(screen?.next ?? null);
  const previous = () => void visit(screen?.previous ?? null);
  button('undo').addEventListener('click', () => undo());
  button('open-help').addEventListener('click', help);
  button('open-side').addEventListener('click', () => side(!document.body.classList.contains('side-open')));
  button('several-toggle').addEventListener('click', toggleSeveral);
  button('next').addEventListener('click', next);
  button('previous').addEventListener('click', previous);
  button('zoom').addEventListener('click', photo);
  button('more').addEventListener('click', () => void showIdentities(route, true));
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
  addEventListener('popstate', () => markIdentity(currentRoute().identity));
}

async function begin() {
  history.replaceState(null, '', `${location.pathname}${location.hash}`); // the key is in a cookie now
  listen();
  session = await ask('session');
  part('reviewer').textContent = session.reviewer;
  await arrive();
}

begin().catch((error) => showEmpty('The page could not be opened', error.message, []));
