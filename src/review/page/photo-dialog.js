import { byId, part } from './dom.js';

/** Shows the whole photograph of an image. @param {{ id: number, path: string }} image @param {string} version */
export function showPhoto({ id, path }, version) {
  const image = byId('photo-image', HTMLImageElement);
  const trouble = part('photo-trouble');
  part('photo-title').textContent = path;
  trouble.hidden = true;
  image.onerror = () => {
    image.hidden = true;
    trouble.hidden = false;
    trouble.textContent = 'The photograph cannot be shown: it lies in an archive, or is not where it was.';
  };
  Object.assign(image, { hidden: false, alt: path, src: `photos/${id}?v=${version}` });
  byId('photo', HTMLDialogElement).showModal();
}
