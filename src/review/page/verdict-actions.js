import { announce, showLastSaid } from './dom.js';
import { goOn, select, visit, visitNames, arrive } from './navigation.js';
import { askForName } from './name-dialog.js';
import { counted, showSeveral } from './person-view.js';
import { showPhoto } from './photo-dialog.js';
import { showProgress } from './progress-view.js';
import { showQuestion } from './question-view.js';
import { showFilters, showIdentities } from './side-view.js';
import { now, openHere, question } from './state.js';
import { markInStrip } from './strip-view.js';
import { queue } from './verdict-queue.js';
import { verdictWords } from './verdicts.js';

/**
 * @typedef {import('../queries/api-types.js').IdentityAnswer} Identity
 * @typedef {import('../queries/api-types.js').SaidAnswer} SaidAnswer
 * @typedef {import('../queries/api-types.js').TakenBackAnswer} TakenBack
 * @typedef {import('./verdicts.js').Choice} Choice
 * @typedef {import('./verdicts.js').Given} Given
 */

/** @param {Choice} choice */
export async function choose({ verdict }) {
  const asked = question();
  if (!now.screen || !asked) return;
  if (verdict === 'other') {
    const name = await askForName(now.screen.name, now.session.version);
    if (name !== null && asked === question()) say('relabel', name);
  } else if (verdict === 'wrong-face') await chooseFace();
  else if (verdict !== 'relabel') say(verdict, null);
  else if (asked.rival) say('relabel', asked.rival.identity);
}

/** Shows the whole photograph; a face that is chosen there is the one to judge. */
export async function chooseFace() {
  const asked = question();
  if (!asked) return;
  const number = await showPhoto(asked, now.session.version);
  if (number === null || asked !== question()) return;
  if (number === asked.faceNumber) return announce(`Face ${number} is the one that was judged`);
  say('wrong-face', null, number);
}

/**
 * @param {Given['verdict']} verdict
 * @param {string | null} identity
 * @param {number | null} number Of the face that was chosen, from 1.
 */
function say(verdict, identity, number = null) {
  const asked = question();
  if (!now.screen || !asked) return;
  const [before, at, { questions }] = [asked.verdict, now.index, now.screen];
  const [faceBefore, numberBefore] = [asked.face, asked.faceNumber];
  const mark = (/** @type {Given | null} */ given) => {
    asked.verdict = given;
    const shown = given === before ? numberBefore : (number ?? numberBefore);
    asked.faceNumber = shown;
    asked.face = shown === null ? faceBefore : (asked.faces[shown - 1]?.slot ?? faceBefore);
    if (now.screen?.questions === questions) markInStrip(questions, at);
    if (asked === question() && now.screen) showQuestion(asked, now.screen.name, now.session.version);
  };
  const faceNumber = number ?? before?.faceNumber ?? null;
  mark({ verdict, identity, faceNumber, reviewer: now.session.reviewer, givenAt: new Date().toISOString() });
  const said = `${asked.path} ${verdictWords(/** @type {Given} */ (asked.verdict))}`;
  showLastSaid(`${said}. ${counted(openHere(), 'open question')} left here.`);
  const body = {
    ...{ image: asked.id, verdict },
    ...(identity !== null && { identity }),
    ...(number !== null && { faceNumber: number }),
  };
  const revert = () => {
    mark(before);
    if (now.screen?.questions === questions) select(at);
  };
  queue.add({ path: 'verdicts', body, done: heard, revert });
  void goOn();
}

export function toggleSeveral() {
  if (!now.screen || now.arriving) return;
  const person = now.screen;
  const before = person.severalPeople;
  const verdict = before === null ? 'several-people' : null;
  const mark = (/** @type {Identity['severalPeople']} */ given) => {
    person.severalPeople = given;
    now.session.severalPeople = now.session.severalPeople.filter(({ identity }) => identity !== person.name);
    if (given) now.session.severalPeople.push(given);
    if (now.screen === person) showSeveral(person);
    showFilters(now.route, now.session);
  };
  const { reviewer } = now.session;
  mark(verdict && { identity: person.name, verdict, reviewer, givenAt: new Date().toISOString() });
  announce(verdict ? `${person.name} is marked as two people` : `${person.name} is one person again`);
  const body = { identity: person.name, verdict };
  queue.add({ path: 'identity-verdicts', body, done: heard, revert: () => mark(before) });
}

export function undo(several = false) {
  if (!several && queue.dropLast()) return showLastSaid('Taken back before it was stored');
  now.arriving = true; // until it is known what was taken back, no key means what is on the screen
  queue.add({ path: 'undo', body: { several }, done: takenBack, revert: stay });
}

const stay = () => {
  now.arriving = now.screen === null && now.names === null;
};

/** @param {TakenBack} answer */
async function takenBack(answer) {
  const { identity, image, images, done, verdict, shown, names, nameQuestion, nameProgress } = answer;
  const { decisions, severalPeople, final } = answer;
  heard({ decisions, severalPeople, names: nameProgress, final });
  if (!done) {
    stay();
    const count = images + names.length;
    if (count === 0) announce('There is nothing of yours left to take back');
    else if (confirm(`Your last ${count} verdicts came at once, as from an import. Take all of them back?`)) undo(true);
    return;
  }
  if (names.length > 0) {
    showLastSaid(`Taken back: ${names.join('; ')}`);
    if (nameQuestion !== null) return visitNames(nameQuestion);
    return arrive();
  }
  showLastSaid(`Taken back: ${images === 0 ? `“two people” of ${identity}` : counted(images, 'verdict')}`);
  const at = now.screen?.name === identity ? now.screen.questions.findIndex(({ id }) => id === image) : -1;
  if (!now.screen || at < 0) return visit(identity, image);
  Object.assign(now.screen.questions[at], { verdict, ...shown });
  markInStrip(now.screen.questions, at);
  stay();
  select(at);
}

/** @param {SaidAnswer} answer */
export function heard({ decisions, severalPeople, names, final }) {
  now.session = { ...now.session, decisions, severalPeople, names, final };
  showProgress(now.route.show, now.session);
  showFilters(now.route, now.session);
  void showIdentities(now.route); // how many are left of each, and what a name is called now
}
