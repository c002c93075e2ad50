import { byId, faceAddress, faceImage, fill, make, part } from './dom.js';
import { facesOver, holdPhoto } from './faces-in-photo.js';
import { faceItems } from './person-view.js';
import { givenWords, showChoices } from './verdicts.js';

/** @typedef {import('../queries/api-types.js').QuestionAnswer} Question */

/** @param {number | null} angle */
const degrees = (angle) => (angle === null ? '–' : `${angle.toFixed(0)}°`);

/** @param {number | null} share */
const percent = (share) => (share === null ? '–' : `${(100 * share).toFixed(0)} %`);

/** How a reason begins says why; the figures that follow are shown as such. @param {Question} question */
const programSays = ({ decision, reason }) => {
  const [why] = reason.split(/[:;] /);
  return decision === 'keep' ? 'keep' : why === 'uncertain' ? 'uncertain' : `${decision}: ${why}`;
};

/**
 * One questioned image: the face, what speaks for and against it, the other name's faces, its copies, the verdict.
 * @param {Question} question
 * @param {string} identity
 * @param {string} version
 */
export function showQuestion(question, identity, version) {
  const { path, face, reason, words, verdict } = question;
  const image = byId('face', HTMLImageElement);
  image.src = faceAddress(face, version);
  image.alt = `the questioned image ${path}`;
  part('path').textContent = path;
  part('ask').textContent = `Is this ${identity}?`;
  part('question').dataset.verdict = verdict?.verdict ?? '';
  const said = part('said');
  said.textContent = verdict ? givenWords(verdict) : programSays(question);
  said.dataset.verdict = verdict?.verdict ?? '';
  fill(part('figures'), ...measures(question));
  fill(part('words'), ...words.map((sentence) => make('li', {}, sentence)));
  part('reason').textContent = reason;
  showWhere(question, version);
  showRival(question, version);
  showCopies(question, version);
  showChoices(question);
}

/** Of a photograph with several faces, where the judged one is. @param {Question} question @param {string} version */
function showWhere(question, version) {
  const { id, faces, faceNumber } = question;
  const several = faces.length > 1 && faceNumber !== null;
  const frame = part('where');
  frame.hidden = part('which-face').hidden = !several;
  frame.querySelector('svg')?.remove();
  if (!several) return;
  const image = byId('where-image', HTMLImageElement);
  image.onerror = () => {
    frame.hidden = true; // its archive can only be read from start to end, or it is not where it was
  };
  image.src = `photos/${id}?small=1&v=${version}`;
  image.alt = `the whole photograph; face ${faceNumber} of ${faces.length} is framed`;
  holdPhoto(frame, question);
  frame.append(facesOver(question, 'small'));
  part('which-face').textContent = `face ${faceNumber} of ${faces.length}`;
}

/** @param {Question} question */
function measures({ pNoise, angle, rival, neighbourAgreement, angleDominant }) {
  const bar = make('meter', { min: 0, max: 1, value: pNoise ?? 0, 'aria-label': 'probability that the name is wrong' });
  const chance = measure(
    'p(noise)',
    pNoise === null ? '–' : pNoise.toFixed(2),
    'probability that the name is wrong',
    bar,
  );
  chance.className = 'chance';
  return [
    chance,
    measure('to its own', degrees(angle), 'angle to the other images of its name'),
    measure('to the other', degrees(rival?.angle ?? null), 'angle to the nearest other name'),
    measure('to sub-centre', degrees(angleDominant), 'angle to the dominant sub-centre of its name'),
    measure('alike agree', percent(neighbourAgreement), 'share of the most alike images that carry its name'),
  ];
}

/**
 * @param {string} name
 * @param {string} value
 * @param {string} title
 * @param {...Node} more
 */
const measure = (name, value, title, ...more) =>
  make('div', { title }, make('dt', {}, name), make('dd', {}, value), ...more.map((node) => make('dd', {}, node)));

/** @param {Question} question @param {string} version */
function showRival({ rival }, version) {
  part('rival').hidden = rival === null;
  if (!rival) return;
  const { identity, angle, faces } = rival;
  const where = angle === null ? 'Another name' : `The nearest other, at ${degrees(angle)}`;
  fill(part('rival-title'), make('span', {}, where), identity);
  const shown = faceItems(faces, version, identity);
  fill(
    part('rival-faces'),
    ...(shown.length > 0 ? shown : [make('li', { className: 'muted none' }, 'Nothing of this name is kept.')]),
  );
}

/** @param {Question} question @param {string} version */
function showCopies({ copies }, version) {
  part('copies').hidden = copies.length === 0;
  fill(
    part('copies-list'),
    ...copies.map(({ path, identity, face }) =>
      make(
        'li',
        {},
        ...(face === null ? [] : [faceImage(face, version, '')]),
        make('span', {}, make('strong', {}, identity), make('span', { className: 'muted' }, path)),
      ),
    ),
  );
}
