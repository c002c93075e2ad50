/**
 * The faces that were found in a photograph, drawn over it: the judged one thick, the others thin, each with its number.
 *
 * @typedef {import('../queries/api-types.js').QuestionAnswer} Question
 */

const SVG = 'http://www.w3.org/2000/svg';

/**
 * @template {keyof SVGElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, string | number>} attributes
 * @param {...(Node | string)} children
 */
function drawn(tag, attributes, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...children);
  return element;
}

/** Share of the photograph's longer side that a number is high, and the same for what is shown small. */
const DIGIT = { large: 1 / 26, small: 1 / 13 };

/**
 * The overlay of a photograph, to lie over its picture.
 * @param {Question} question
 * @param {keyof typeof DIGIT} size
 * @param {(number: number) => void} [chosen] Called with a face's number when its box is clicked.
 */
export function facesOver({ faces, faceNumber, width, height }, size, chosen) {
  const digit = Math.max(width, height) * DIGIT[size];
  const boxes = faces.flatMap(({ box }, i) => (box ? [face(box, i + 1)] : []));
  boxes.sort((a, b) => Number(a.classList.contains('judged')) - Number(b.classList.contains('judged')));
  return drawn('svg', { class: 'faces-over', viewBox: `0 0 ${width} ${height}`, 'aria-hidden': 'true' }, ...boxes);

  /** @param {NonNullable<Question['faces'][number]['box']>} box @param {number} number */
  function face(box, number) {
    const { left, top } = box;
    const [x, y] = [Math.max(0, Math.min(left, width - digit)), Math.max(0, Math.min(top, height - 1.2 * digit))];
    const lines = { x: left, y: top, width: box.width, height: box.height, rx: digit / 5 };
    const group = drawn(
      'g',
      { class: number === faceNumber ? 'face-box judged' : 'face-box' },
      drawn('rect', { class: 'edge', ...lines }),
      drawn('rect', { class: 'line', ...lines }),
      drawn('rect', { class: 'tag', x, y, width: digit, height: 1.2 * digit, rx: digit / 5 }),
      drawn('text', { x: x + digit / 2, y: y + 0.95 * digit, 'font-size': digit }, String(number)),
    );
    if (chosen) group.addEventListener('click', () => chosen(number));
    return group;
  }
}

/**
 * Fits an overlay to its picture: the box that holds both takes the photograph's proportions.
 * @param {HTMLElement} holder
 * @param {Question} question
 */
export function holdPhoto(holder, { width, height }) {
  holder.style.setProperty('--proportion', String(width / height));
}
