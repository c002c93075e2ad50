import { button, faceImage, fill, make, part } from './dom.js';

/** @typedef {import('../queries/api-types.js').IdentityAnswer} Identity */

/** @param {number} count @param {string} one @param {string} [many] */
export const counted = (count, one, many = `${one}s`) => `${count.toLocaleString()} ${count === 1 ? one : many}`;

/**
 * Faces as list items.
 * @param {readonly number[]} slots
 * @param {string} version
 * @param {string} name
 */
export const faceItems = (slots, version, name) =>
  slots.map((slot, i) => make('li', {}, faceImage(slot, version, `${name}, typical face ${i + 1}`)));

/**
 * Who the screen is about: name, typical faces, what sift and people say of the name.
 * @param {Identity} person
 * @param {string} version
 */
export function showPerson(person, version) {
  const { name, images, faces, dominantShare, place, places, proposals, previous, next, total } = person;
  part('name').textContent = name;
  const where =
    place === null ? 'No such questions' : `Identity ${place.toLocaleString()} of ${places.toLocaleString()}`;
  const share = dominantShare === null ? [] : [`dominant sub-centre with ${(100 * dominantShare).toFixed(0)} %`];
  part('about').textContent = [where, counted(total, 'question'), counted(images, 'image'), ...share].join(' · ');
  const shown = faceItems(faces, version, name);
  fill(
    part('typical'),
    ...(shown.length > 0 ? shown : [make('li', { className: 'muted none' }, 'Nothing of this name is kept yet.')]),
  );
  part('proposals').hidden = proposals.length === 0;
  fill(part('proposals'), ...proposals.map((sentence) => make('li', {}, sentence)));
  button('previous').disabled = previous === null;
  button('next').disabled = next === null;
  showSeveral(person);
}

/** @param {Identity} person */
export function showSeveral({ severalPeople }) {
  const toggle = button('several-toggle');
  toggle.setAttribute('aria-pressed', String(severalPeople !== null));
  toggle.title = severalPeople
    ? `${severalPeople.reviewer} says that this name is several people. Press again to take it back.`
    : 'Two people or more are under this name: marks it for later, moves no image.';
}
