import { faceImage, fill, make, part } from './dom.js';
import { counted } from './person-view.js';
import { verdictWords } from './verdicts.js';

/** @typedef {import('../queries/api-types.js').IdentityAnswer} Identity */

/**
 * All questions of the screen as a strip of faces, in order.
 * @param {Identity} person
 * @param {string} version
 * @param {(index: number) => void} chosen
 */
export function showStrip({ questions, total }, version, chosen) {
  part('strip-part').hidden = total < 2;
  part('strip-title').textContent = counted(total, 'question');
  fill(
    part('strip'),
    ...questions.map(({ face, path }, i) => {
      const made = make(
        'button',
        { type: 'button' },
        faceImage(face, version, path),
        make('span', { className: 'mark' }),
      );
      made.addEventListener('click', () => chosen(i));
      return make('li', {}, made);
    }),
  );
  markAll(questions);
}

/** @param {Identity['questions']} questions */
const markAll = (questions) => questions.forEach((_, i) => markInStrip(questions, i));

/**
 * @param {Identity['questions']} questions
 * @param {number} index
 */
export function markInStrip(questions, index) {
  const { path, pNoise, verdict } = questions[index];
  const made = part('strip').children[index]?.firstElementChild;
  if (!(made instanceof HTMLElement)) return;
  made.dataset.verdict = verdict?.verdict ?? '';
  made.title = `${path}${verdict ? `: ${verdictWords(verdict)}` : ''}`;
  const mark = /** @type {HTMLElement} */ (made.lastElementChild);
  mark.textContent = verdict ? verdictWords(verdict) : pNoise === null ? '' : pNoise.toFixed(2);
}

/** @param {number} index */
export function selectInStrip(index) {
  [...part('strip').children].forEach((item, i) => {
    const made = /** @type {HTMLElement} */ (item.firstElementChild);
    if (i === index) made.setAttribute('aria-current', 'true');
    else made.removeAttribute('aria-current');
  });
  const item = part('strip').children[index];
  const strip = part('strip');
  if (item instanceof HTMLElement) strip.scrollLeft = item.offsetLeft - (strip.clientWidth - item.clientWidth) / 2;
}
