import { button, faceImage, fill, make, part } from './dom.js';
import { counted } from './person-view.js';

/**
 * @typedef {import('../queries/api-types.js').NameQuestionAnswer} NameQuestion
 * @typedef {import('../queries/api-types.js').FaceAnswer} Face
 * @typedef {{ group: number, face: number }} Place
 */

/** @param {NameQuestion['kind']} kind @param {NonNullable<NameQuestion['answer']>} answer */
export const answerWords = (kind, answer) =>
  kind === 'merge'
    ? { 'one-person': 'joined', different: 'not the same' }[answer]
    : { 'one-person': 'one person', different: 'divided' }[answer];

/** @param {Pick<NameQuestion, 'kind' | 'names'>} asked */
export const askedWords = ({ kind, names }) =>
  kind === 'merge' ? `${names[0]} = ${names[1]}` : `${names[0]}: several people`;

/**
 * A question about names: the most alike pairs on top, then the faces of each name or person side by side.
 * @param {NameQuestion} asked
 * @param {string} version
 * @param {Place} at
 * @param {(place: Place) => void} chosen
 */
export function showNames(asked, version, at, chosen) {
  const { kind, names, confidence, answer, given, place, places, pairs, groups, previous, next } = asked;
  part('names-ask').textContent =
    kind === 'merge' ? `Are ${names[0]} and ${names[1]} one person?` : `Is ${names[0]} more than one person?`;
  part('names-about').textContent =
    `Names, question ${place.toLocaleString()} of ${places.toLocaleString()} · ` +
    `confidence that ${kind === 'merge' ? 'they are one' : 'they are several'} ${confidence.toFixed(2)}`;
  const said = part('names-said');
  said.dataset.verdict = answer === null ? '' : answer === 'one-person' ? 'keep' : 'relabel';
  said.textContent = answer === null ? 'not answered' : saidWords(kind, answer, given);
  part('names-pairs-part').hidden = pairs.length === 0;
  fill(part('names-pairs'), ...pairs.map((pair) => pairFigure(pair, version)));
  fill(part('names-groups'), ...groups.map((group, i) => groupOf(group, i, version, chosen)));
  markFace(at);
  button('names-previous').disabled = previous === null;
  button('names-next').disabled = next === null;
  const labels = /** @type {const} */ ({
    'names-join': kind === 'merge' ? 'Join: one person' : 'One person',
    'names-apart': kind === 'merge' ? 'Not the same' : 'Divide',
    'names-move': groups.length > 2 ? 'Move face to the next' : 'Move face to the other side',
  });
  for (const [id, label] of Object.entries(labels))
    /** @type {HTMLElement} */ (button(id).querySelector('.label')).textContent = label;
  /** @type {HTMLElement} */ (button('names-apart').querySelector('kbd')).textContent = kind === 'merge' ? 'N' : 'D';
  button('names-join').setAttribute('aria-pressed', String(answer === 'one-person'));
  button('names-apart').setAttribute('aria-pressed', String(answer === 'different'));
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
 * @param {(place: Place) => void} chosen
 */
function groupOf({ name, images, faces }, index, version, chosen) {
  const shown = faces.length < images ? `${faces.length} of ${counted(images, 'image')}` : counted(images, 'image');
  const items = faces.map(({ face, path }, i) => {
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
