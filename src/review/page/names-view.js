import { button, faceImage, fill, make, part } from './dom.js';
import { counted } from './person-view.js';

/**
 * @typedef {import('../queries/api-types.js').NameQuestionAnswer} NameQuestion
 * @typedef {import('../queries/api-types.js').FaceAnswer} Face
 * @typedef {{ group: number, face: number }} Place
 */

/** Names that are listed of those that dropped images were found under. */
const FOUND = 5;

/** @param {NameQuestion['kind']} kind @param {NonNullable<NameQuestion['answer']>} answer */
export const answerWords = (kind, answer) => wordsOf[kind].answers[answer];

/** @param {Pick<NameQuestion, 'kind' | 'names'>} asked */
export const askedWords = ({ kind, names }) => wordsOf[kind].listed(names);

/**
 * What a question of each kind says.
 * @type {Record<NameQuestion['kind'], {
 *   asks: (names: string[], images: number) => string, sure: string, listed: (names: string[]) => string,
 *   join: (names: string[]) => string, apart: (names: string[]) => string, key: 'N' | 'S',
 *   answers: Record<NonNullable<NameQuestion['answer']>, string>,
 * }>}
 */
const wordsOf = {
  merge: {
    asks: ([a, b]) => `Are ${a} and ${b} one person?`,
    sure: 'they are one',
    listed: ([a, b]) => `${a} = ${b}`,
    join: () => 'Join: one person',
    apart: () => 'Not the same',
    key: 'N',
    answers: { 'one-person': 'joined', different: 'not the same' },
  },
  split: {
    asks: ([name]) => `Is ${name} more than one person?`,
    sure: 'they are several',
    listed: ([name]) => `${name}: several people`,
    join: () => 'One person',
    apart: () => 'Split',
    key: 'S',
    answers: { 'one-person': 'one person', different: 'split' },
  },
  stranger: {
    asks: (_, images) => `Are these ${counted(images, 'dropped image')} one unknown person?`,
    sure: 'they are one',
    listed: ([name]) => `${name}?`,
    join: ([name]) => `Yes: ${name}`,
    apart: () => 'Not one person',
    key: 'N',
    answers: { 'one-person': 'one person', different: 'not one person' },
  },
  known: {
    asks: ([name], images) => `Are these ${counted(images, 'dropped image')} ${name}?`,
    sure: 'they are one',
    listed: ([name]) => `Dropped: ${name}?`,
    join: ([name]) => `Yes: ${name}`,
    apart: ([name]) => `Not ${name}`,
    key: 'N',
    answers: { 'one-person': 'given to that name', different: 'not that person' },
  },
};

/** Whether a question is about dropped images. @param {Pick<NameQuestion, 'kind'>} asked */
export const isOfDrops = ({ kind }) => kind === 'stranger' || kind === 'known';

/**
 * A question about names: the most alike pairs on top, then the faces of each name or person side by side.
 * @param {NameQuestion} asked
 * @param {string} version
 * @param {Place} at
 * @param {(place: Place) => void} chosen
 */
export function showNames(asked, version, at, chosen) {
  const { kind, names, confidence, answer, given, place, places, pairs, groups, person, foundUnder, previous, next } =
    asked;
  const words = wordsOf[kind];
  part('names-ask').textContent = words.asks(names, groups[0].images);
  part('names-about').textContent =
    `Names, question ${place.toLocaleString()} of ${places.toLocaleString()} · ` +
    `confidence that ${words.sure} ${confidence.toFixed(2)}${foundWords(foundUnder)}`;
  const said = part('names-said');
  said.dataset.verdict = answer === null ? '' : answer === 'one-person' ? 'keep' : 'relabel';
  said.textContent = answer === null ? 'not answered' : saidWords(kind, answer, given);
  part('names-pairs-part').hidden = pairs.length === 0;
  fill(part('names-pairs'), ...pairs.map((pair) => pairFigure(pair, version)));
  const sections = groups.map((group, i) => groupOf(group, i, version, chosen));
  if (isOfDrops(asked)) Object.assign(sections[1], { className: 'taken-out', hidden: groups[1].faces.length === 0 });
  fill(part('names-groups'), ...sections, ...(person ? [groupOf(person, -1, version)] : []));
  markFace(at);
  button('names-previous').disabled = previous === null;
  button('names-next').disabled = next === null;
  const sides = groups.length > 2 ? 'Move face to the next' : 'Move face to the other side';
  const labels = /** @type {const} */ ({
    'names-join': words.join(names),
    'names-apart': words.apart(names),
    'names-move': isOfDrops(asked) ? 'Take face out, or back' : sides,
    'names-who': kind === 'known' ? 'Somebody else…' : 'I know who: name…',
  });
  button('names-who').hidden = !isOfDrops(asked);
  for (const [id, label] of Object.entries(labels))
    /** @type {HTMLElement} */ (button(id).querySelector('.label')).textContent = label;
  /** @type {HTMLElement} */ (button('names-apart').querySelector('kbd')).textContent = words.key;
  button('names-join').setAttribute('aria-pressed', String(answer === 'one-person'));
  button('names-apart').setAttribute('aria-pressed', String(answer === 'different'));
}

/** @param {string[]} names */
function foundWords(names) {
  if (names.length === 0) return '';
  const more = names.length > FOUND ? ` and ${names.length - FOUND} more` : '';
  return ` · found under ${names.slice(0, FOUND).join(', ')}${more}`;
}

/** @param {NameQuestion['kind']} kind @param {NonNullable<NameQuestion['answer']>} answer @param {NameQuestion['given']} given */
function saidWords(kind, answer, given) {
  if (given === null) return `${answerWords(kind, answer)}, by what was said of other names`;
  const when = new Date(given.givenAt).toLocaleString([], { dateStyle: 'medium', timeStyle: 'short' });
  return `${answerWords(kind, answer)} by ${given.reviewer}, ${when}`;
}

/** @param {NameQuestion['pairs'][number]} pair @param {string} version */
const pairFigure = ({ a, b, cosine }, version) =>
  make(
    'li',
    {},
    faceImage(a.face, version, a.path),
    faceImage(b.face, version, b.path),
    make('span', { className: 'figures muted' }, `cosine ${cosine.toFixed(2)}`),
  );

/**
 * @param {NameQuestion['groups'][number]} group
 * @param {number} index
 * @param {string} version
 * @param {(place: Place) => void} [chosen] absent where no face can be chosen
 */
function groupOf({ name, images, faces }, index, version, chosen) {
  const shown = faces.length < images ? `${faces.length} of ${counted(images, 'image')}` : counted(images, 'image');
  const items = faces.map(({ face, path }, i) => {
    if (!chosen) return make('li', { title: path }, faceImage(face, version, path));
    const made = make(
      'button',
      { type: 'button', title: path, tabIndex: -1, 'aria-label': path },
      faceImage(face, version, ''),
    );
    made.addEventListener('click', () => chosen({ group: index, face: i }));
    return make('li', {}, made);
  });
  return make(
    'section',
    { 'aria-label': name },
    make(
      'h2',
      {},
      make('span', { className: 'name' }, name),
      make('span', { className: 'figures muted' }, ` ${shown}`),
    ),
    make('ul', { className: 'group-faces' }, ...items),
  );
}

/** @param {Place} at */
export function markFace({ group, face }) {
  [...part('names-groups').children].forEach((section, g) =>
    section.querySelectorAll('button').forEach((made, i) => {
      if (g === group && i === face) {
        made.setAttribute('aria-current', 'true');
        made.scrollIntoView({ block: 'nearest' });
      } else made.removeAttribute('aria-current');
    }),
  );
}
