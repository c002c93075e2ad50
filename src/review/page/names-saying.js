import { ask, Refusal } from './api.js';
import { announce, part, showLastSaid } from './dom.js';
import { showEmpty } from './empty-view.js';
import { askForName } from './name-dialog.js';
import { answerWords, isOfDrops, markFace, showNames } from './names-view.js';
import { listNames } from './name-list.js';
import { now } from './state.js';
import { queue } from './verdict-queue.js';

/**
 * @typedef {import('../queries/api-types.js').NameQuestionAnswer} NameQuestion
 * @typedef {import('../queries/api-types.js').NameQuestionsAnswer} NameQuestions
 * @typedef {import('../queries/api-types.js').NameAnswer} NameAnswer
 * @typedef {import('../queries/api-types.js').SaidAnswer} SaidAnswer
 * @typedef {import('../queries/api-types.js').FaceAnswer} Face
 */

/** What the modules that go places do for these. @typedef {{ visit: (key: string) => void, onward: () => void, heard: (answer: SaidAnswer) => void }} Ways */

/** @type {Ways} */
let ways;

/** @param {Ways} given */
export function setWays(given) {
  ways = given;
}

/** The first question about names that nobody has answered, from `after` on and then from the start. @param {string | null} after */
export async function firstOpenNames(after = null) {
  const { items } = /** @type {NameQuestions} */ (await ask('name-questions'));
  const at = items.findIndex(({ key }) => key === after) + 1;
  return [...items.slice(at), ...items.slice(0, at)].find(({ answer }) => answer === null)?.key ?? null;
}

/** @param {string} key @param {number} mine */
export async function loadNames(key, mine) {
  try {
    const asked = /** @type {NameQuestion} */ (await ask('name-question', { key }));
    if (mine !== now.arrival) return;
    now.names = { asked, at: { group: 0, face: 0 }, moved: new Map() };
    now.arriving = false;
    now.shownAt = performance.now();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    if (mine !== now.arrival) return;
    now.names = null;
    return showEmpty(
      error.message,
      'If the question is about dropped images, it appears when they are found. If the images were sifted again since, or the names are gone, there is no such question.',
      [],
    );
  }
  part('names-screen').hidden = false;
  part('stage').removeAttribute('aria-busy');
  document.title = `${now.names.asked.names.join(', ')} · review · facesieve`;
  show();
  announce(part('names-ask').textContent ?? '');
}

function show() {
  if (now.names) showNames(now.names.asked, now.session.version, now.names.at, choose);
}

/** @param {{ group: number, face: number }} place */
function choose(place) {
  if (!now.names) return;
  now.names.at = place;
  markFace(place);
}

/** The next face, over all groups. @param {1 | -1} step */
export function turnFace(step) {
  if (!now.names || now.arriving) return;
  const { asked, at } = now.names;
  const places = asked.groups.flatMap(({ faces }, group) => faces.map((_, face) => ({ group, face })));
  const here = places.findIndex(({ group, face }) => group === at.group && face === at.face);
  const next = places[Math.min(places.length - 1, Math.max(0, here + step))];
  if (!next) return;
  choose(next);
  announce(asked.groups[next.group].faces[next.face].path);
}

/** Says of dropped images who it is. */
export async function sayWho() {
  const asked = now.arriving ? undefined : now.names?.asked;
  if (!asked || !isOfDrops(asked)) return;
  const name = await askForName('', now.session.version);
  if (name !== null && asked === now.names?.asked) answerNames('one-person', name);
}

/** @param {NameAnswer} answer @param {string} [name] who it is, of dropped images */
export function answerNames(answer, name) {
  if (!now.names || now.arriving) return;
  const { asked, moved } = now.names;
  const before = { answer: asked.answer, given: asked.given, names: asked.names };
  const mark = (/** @type {Pick<NameQuestion, 'answer' | 'given' | 'names'>} */ said) => {
    Object.assign(asked, said);
    if (now.names?.asked === asked) show();
  };
  const given = { reviewer: now.session.reviewer, givenAt: new Date().toISOString() };
  mark({ answer, given, names: name === undefined ? asked.names : [name] });
  showLastSaid(`${asked.names.join(' and ')}: ${answerWords(asked.kind, answer)}`);
  const divides = isOfDrops(asked) ? 'one-person' : asked.kind === 'split' ? 'different' : null;
  const moves = answer === divides ? [...moved] : [];
  queue.add({
    path: 'name-verdicts',
    body: { key: asked.key, answer, ...(moves.length > 0 && { moves }), ...(name !== undefined && { name }) },
    done: (said) => {
      ways.heard(said);
      void listNames(now.route);
    },
    revert: () => mark(before),
  });
  ways.onward();
}

/**
 * Gives the chosen face to the other side. Of a merge it says whose image it is, and is stored at once; otherwise it is part
 * of the answer, and stored with it.
 */
export function moveFace() {
  if (!now.names || now.arriving) return;
  const { asked, at, moved } = now.names;
  const [from, to] = [at.group, (at.group + 1) % asked.groups.length];
  const face = asked.groups[from].faces[at.face];
  if (!face) return;
  const mayEmpty = asked.kind === 'merge' || (isOfDrops(asked) && from > 0);
  if (!mayEmpty && asked.groups[from].faces.length === 1)
    return announce('That is the last face here: a person needs one');
  const shift = (/** @type {number} */ one, /** @type {number} */ other) => {
    const { groups } = asked;
    groups[one].faces = groups[one].faces.filter((known) => known !== face);
    groups[other].faces = [face, ...groups[other].faces];
    groups[one].images--;
    groups[other].images++;
    if (now.names?.asked === asked) show();
  };
  if (asked.kind === 'merge') {
    if (asked.answer === 'one-person') return announce('They are one person: there is no other side');
    const body = { image: face.id, verdict: 'relabel', identity: asked.groups[to].name };
    queue.add({ path: 'verdicts', body, done: ways.heard, revert: () => shift(to, from) });
  } else moved.set(face.id, to);
  const left = asked.groups[from].faces.length - 1;
  now.names.at = left > 0 ? { group: from, face: Math.min(at.face, left - 1) } : { group: to, face: 0 };
  shift(from, to);
  announce(`${face.path} moved to ${asked.groups[to].name}`);
}

/** @param {1 | -1} step */
export function turnNames(step) {
  const key = step > 0 ? now.names?.asked.next : now.names?.asked.previous;
  if (key) ways.visit(key);
}
