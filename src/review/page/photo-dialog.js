import { announce, byId, faceImage, fill, make, part } from './dom.js';
import { facesOver, holdPhoto } from './faces-in-photo.js';

/** @typedef {import('../queries/api-types.js').QuestionAnswer} Question */

/**
 * Shows the whole photograph of an image with the faces that were found in it. One of several can be chosen by its number,
 * by its box and by its picture.
 * @param {Question} question
 * @param {string} version
 * @returns {Promise<number | null>} the number of the chosen face, from 1; null when it was closed without one
 */
export function showPhoto(question, version) {
  const { id, path, faces, faceNumber } = question;
  const dialog = byId('photo', HTMLDialogElement);
  let answer = /** @type {number | null} */ (null);
  const several = faces.length > 1;

  /** @param {number} number */
  const take = (number) => {
    if (number > faces.length) return announce(`There is no face ${number}: ${faces.length} were found`);
    answer = number;
    dialog.close();
  };

  const image = byId('photo-image', HTMLImageElement);
  const [frame, trouble] = [part('photo-frame'), part('photo-trouble')];
  part('photo-title').textContent = path;
  trouble.hidden = true;
  frame.hidden = false;
  image.onerror = () => {
    frame.hidden = true;
    trouble.hidden = false;
    trouble.textContent = 'The photograph cannot be shown: it lies in an archive, or is not where it was.';
  };
  Object.assign(image, { alt: path, src: `photos/${id}?v=${version}` });
  frame.querySelector('svg')?.remove();
  if (faces.length > 0) {
    holdPhoto(frame, question);
    frame.append(facesOver(question, 'large', several ? take : undefined));
  }
  part('photo-faces').hidden = faces.length === 0;
  part('photo-ask').textContent = several
    ? `Which of its ${faces.length} faces is meant?`
    : 'One face was found in it.';
  fill(
    part('photo-choices'),
    ...(several ? faces : []).map(({ slot }, i) => {
      const judged = i + 1 === faceNumber;
      const made = make(
        'button',
        { type: 'button', 'aria-keyshortcuts': String(i + 1), 'aria-pressed': String(judged) },
        faceImage(slot, version, ''),
        make('span', {}, `Face ${i + 1}`, make('kbd', {}, String(i + 1))),
        make('span', { className: 'muted' }, judged ? 'judged' : ''),
      );
      made.addEventListener('click', () => take(i + 1));
      return make('li', {}, made);
    }),
  );
  return new Promise((done) => {
    const listening = new AbortController();
    const { signal } = listening;
    dialog.addEventListener(
      'keydown',
      (event) => {
        if (!several || event.ctrlKey || event.altKey || event.metaKey || !/^[1-9]$/.test(event.key)) return;
        event.preventDefault();
        take(Number(event.key));
      },
      { signal },
    );
    dialog.addEventListener(
      'close',
      () => {
        listening.abort();
        done(answer);
      },
      { signal },
    );
    dialog.showModal();
  });
}
