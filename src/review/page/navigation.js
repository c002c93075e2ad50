import { ask, Refusal } from './api.js';
import { announce, part } from './dom.js';
import { continueLink, showEmpty, showFinished } from './empty-view.js';
import { listNames } from './name-list.js';
import { firstOpenNames, loadNames } from './names-saying.js';
import { counted, showPerson } from './person-view.js';
import { showProgress } from './progress-view.js';
import { showQuestion } from './question-view.js';
import { currentRoute, filterOf, goTo } from './route.js';
import { showFilters, showIdentities } from './side-view.js';
import { now, openHere, question } from './state.js';
import { selectInStrip, showStrip } from './strip-view.js';
import { queue } from './verdict-queue.js';

/** @typedef {import('../queries/api-types.js').IdentityAnswer} Identity */

/** Questions asked for at once. */
const PAGE = 60;

/** Shows what the address says. */
export async function arrive() {
  now.arriving = true;
  part('stage').setAttribute('aria-busy', 'true');
  const mine = ++now.arrival;
  now.route = currentRoute();
  now.session = await ask('session'); // others answer too, and another run may have decided anew
  if (mine !== now.arrival) return;
  part('names-screen').hidden = true;
  now.names = null;
  if (now.route.identity === null && !now.route.names && now.session.names.answered < now.session.names.questions) {
    const names = await firstOpenNames(); // what a name means comes before what an image shows
    if (mine !== now.arrival) return;
    now.route = { ...now.route, names };
    if (names !== null) goTo(now.route, true);
  }
  if (now.route.identity === null && !now.route.names) {
    const { identity } = /** @type {{ identity: string | null }} */ (await ask('resume', filterOf(now.route)));
    if (mine !== now.arrival) return;
    now.route = { ...now.route, identity };
    if (identity !== null) goTo(now.route, true);
  }
  showFilters(now.route, now.session);
  showProgress(now.route.show, now.session);
  void showIdentities(now.route);
  void listNames(now.route, () => {
    if (now.screen === null && now.names === null) void arrive(); // where nothing was left to ask there is something now
  });
  if (now.route.names) {
    now.screen = null;
    part('screen').hidden = true;
    part('empty').hidden = true;
    return loadNames(now.route.names, mine);
  }
  if (now.route.identity === null) {
    now.screen = null;
    return showFinished(now.route, now.session);
  }
  await load(now.route.identity, mine);
}

/** @param {string} identity @param {number} mine */
async function load(identity, mine) {
  try {
    const query = { ...filterOf(now.route), name: identity, limit: String(PAGE) };
    const answer = /** @type {Identity} */ (await ask('identity', query));
    if (mine !== now.arrival) return;
    now.screen = answer;
    now.arriving = false;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    if (mine !== now.arrival) return;
    now.screen = null;
    return showEmpty(error.message, 'It may be called something else since the last run.', [continueLink(now.route)]);
  }
  part('screen').hidden = false;
  part('empty').hidden = true;
  part('stage').removeAttribute('aria-busy');
  document.title = `${now.screen.name} · review · facesieve`;
  showPerson(now.screen, now.session.version);
  showStrip(now.screen, now.session.version, select);
  const { questions } = now.screen;
  const wanted = questions.findIndex(({ id }) => id === now.route.image);
  const open = questions.findIndex(({ verdict }) => verdict === null);
  select(Math.max(0, wanted >= 0 ? wanted : open));
  announce(`${now.screen.name}: ${counted(openHere(), 'open question')}`);
}

/** @param {number} at */
export function select(at) {
  if (!now.screen) return;
  now.index = at;
  now.shownAt = performance.now();
  const asked = question();
  part('question').hidden = part('actions').hidden = !asked;
  part('all-answered').hidden = Boolean(asked);
  if (!asked) {
    part('all-answered').textContent = `Nothing to answer under ${now.screen.name} with these filters.`;
    return;
  }
  showQuestion(asked, now.screen.name, now.session.version);
  selectInStrip(now.index);
  now.route = { ...now.route, identity: now.screen.name, image: asked.id };
  goTo(now.route, true);
}

/** @param {string | null} identity @param {number | null} image */
export async function visit(identity, image = null) {
  if (identity === null) return;
  goTo({ ...now.route, identity, image, names: null }, false);
  await arrive();
}

/** @param {string} names Key of a question about names. */
export async function visitNames(names) {
  goTo({ ...now.route, identity: null, image: null, names }, false);
  await arrive();
}

/** The next question about names that nobody has answered, else the first about an image. */
export async function goOnNames() {
  const after = now.route.names ?? null;
  now.arriving = true;
  await queue.idle(); // the server must know of the last verdict to say what is left
  const next = await firstOpenNames(after);
  if (next !== null) return visitNames(next);
  goTo({ ...now.route, identity: null, image: null, names: null }, false);
  await arrive();
}

/** @param {1 | -1} step */
export async function turn(step) {
  if (!now.screen) return;
  if (now.index + step >= now.screen.questions.length) await loadMore();
  if (now.screen.questions[now.index + step]) select(now.index + step);
  else await visit(step > 0 ? now.screen.next : now.screen.previous);
}

async function loadMore() {
  if (!now.screen || now.screen.questions.length >= now.screen.total) return;
  const { name, questions } = now.screen;
  const rest = async () => {
    await queue.idle(); // answered questions are left out of what follows when only open ones are asked for
    const gone = now.route.open ? questions.filter(({ verdict }) => verdict !== null).length : 0;
    const offset = String(questions.length - gone);
    const query = { ...filterOf(now.route), name, offset, limit: String(PAGE) };
    return /** @type {Promise<Identity>} */ (ask('identity', query));
  };
  now.arriving = true;
  const more = await rest().finally(() => (now.arriving = false));
  const known = new Set(questions.map(({ id }) => id));
  questions.push(...more.questions.filter(({ id }) => !known.has(id)));
  if (more.questions.length === 0) now.screen.total = questions.length;
  showStrip(now.screen, now.session.version, select);
  selectInStrip(now.index);
}

/** The next open question of this identity, else the next identity that has one, else the end. */
export async function goOn() {
  if (!now.screen) return;
  const { questions } = now.screen;
  const after = questions.findIndex(({ verdict }, i) => i > now.index && verdict === null);
  if (after >= 0) return select(after);
  if (questions.length < now.screen.total) {
    const before = questions.length;
    await loadMore();
    if (now.screen.questions.length > before) return select(before);
  }
  const left = questions.findIndex(({ verdict }) => verdict === null);
  if (left >= 0) return select(left);
  if (now.screen.next !== null) return visit(now.screen.next);
  now.arriving = true;
  await queue.idle(); // the server must know of the last verdict to say what is left
  goTo({ ...now.route, identity: null, image: null, names: null }, false);
  await arrive();
}
