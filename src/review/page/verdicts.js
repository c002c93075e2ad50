import { button, make, part, fill } from './dom.js';

/**
 * @typedef {import('../queries/api-types.js').QuestionAnswer} Question
 * @typedef {import('../queries/api-types.js').GivenAnswer} Given
 * @typedef {{ key: string, verdict: Given['verdict'] | 'other', label: string, means: string }} Choice
 */

/**
 * What can be said of an image, and its keys.
 * @type {readonly Choice[]}
 */
export const choices = [
  { key: 'k', verdict: 'keep', label: 'Keep', means: 'the right person' },
  { key: 'h', verdict: 'hard', label: 'Keep as hard', means: 'the right person, hard to tell' },
  { key: 'd', verdict: 'drop', label: 'Drop', means: 'somebody else, or no face' },
  { key: 'r', verdict: 'relabel', label: 'It is the other', means: 'it belongs to the name beside it' },
  { key: 'n', verdict: 'other', label: 'Other name…', means: 'it belongs to a name that you type' },
  { key: 'c', verdict: 'duplicate', label: 'Copy', means: 'a copy of an image that stays' },
  { key: 'f', verdict: 'wrong-face', label: 'Wrong face…', means: 'another face of the photograph is meant' },
];

const words = /** @type {const} */ ({
  keep: 'kept',
  hard: 'kept as hard',
  drop: 'dropped',
  relabel: 'given to',
  duplicate: 'a copy',
  'wrong-face': 'is meant',
});

/** @param {Given} given */
export function verdictWords({ verdict, identity, faceNumber }) {
  if (verdict === 'wrong-face') return `face ${faceNumber} ${words[verdict]}`;
  return verdict === 'relabel' ? `${words.relabel} ${identity}` : words[verdict];
}

/** @param {Given} given */
export function givenWords(given) {
  const when = new Date(given.givenAt).toLocaleString([], { dateStyle: 'medium', timeStyle: 'short' });
  return `${verdictWords(given)} by ${given.reviewer}, ${when}`;
}

/**
 * The buttons, made once: focus stays where it is while questions pass by.
 * @param {(choice: Choice) => void} chosen
 */
export function makeChoices(chosen) {
  const buttons = choices.map((choice) => {
    const made = make('button', {
      type: 'button',
      id: `say-${choice.verdict}`,
      className: `say say-${choice.verdict}`,
      title: choice.means,
      'aria-keyshortcuts': choice.key,
    });
    fill(made, make('span', { className: 'label' }, choice.label), make('kbd', {}, choice.key.toUpperCase()));
    made.addEventListener('click', () => chosen(choice));
    return made;
  });
  fill(part('actions'), ...buttons);
}

/**
 * Fits the buttons to a question: whom R names, and which of them was said.
 * @param {Question} question
 */
export function showChoices({ rival, verdict, faces }) {
  button('say-wrong-face').disabled = faces.length < 2;
  const other = button('say-relabel');
  other.disabled = rival === null;
  /** @type {HTMLElement} */ (other.firstElementChild).textContent = rival
    ? `It is ${rival.identity}`
    : 'No other near';
  for (const choice of choices) {
    const isRival = verdict?.verdict === 'relabel' && verdict.identity === rival?.identity;
    const said =
      choice.verdict === 'other'
        ? verdict?.verdict === 'relabel' && !isRival
        : choice.verdict === 'relabel'
          ? isRival
          : verdict?.verdict === choice.verdict;
    button(`say-${choice.verdict}`).setAttribute('aria-pressed', String(Boolean(said)));
  }
}
