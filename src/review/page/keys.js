import { byId, fill, make, part } from './dom.js';
import { now } from './state.js';
import { choices } from './verdicts.js';

/** A key that answers is not heard twice within this time, nor before the next question was on the screen for so long. */
const AGAIN_AFTER_MS = 400;

/**
 * Keys that answer at once; those that open a dialog do not. The page goes on by itself: a key pressed twice by mistake would
 * answer a question that nobody has seen.
 */
const answering = new Set([
  ...choices.filter(({ label }) => !label.endsWith('…')).map(({ key }) => key),
  'j',
  'n',
  's',
]);

const otherKeys = [
  ['J', 'Names: one person. Joins two names, leaves one name whole, or makes dropped images a person'],
  ['N', 'Names: two names, or these dropped images, are not the same person'],
  ['S', 'Names: splits a name as shown'],
  ['I', 'Dropped images: says who it is, by a name that you type'],
  ['M', 'Names: moves the chosen face (→ ←) to the other side'],
  ['T', 'Two people are under this name: mark it, or take the mark off'],
  ['U', 'Undo what you said last; again for what you said before'],
  ['→ ←', 'Next and previous question; of names, the next and previous face'],
  ['Shift → ←', 'Next and previous identity'],
  ['Z', 'The whole photograph with its faces'],
  ['1 … 8', 'There: the face that is meant, by its number'],
  ['/', 'Find an identity'],
  ['?', 'These keys'],
];

export function makeHelp() {
  const all = [
    ...choices.map(({ key, label, means }) => [key.toUpperCase(), `${label.replace('…', '')}: ${means}`]),
    ...otherKeys,
  ];
  fill(
    part('help-keys'),
    ...all.map(([keys, means]) =>
      make('div', {}, make('dt', {}, ...keys.split(' ').map((key) => make('kbd', {}, key))), make('dd', {}, means)),
    ),
  );
}

/**
 * Calls what a key stands for. Keys pressed in a field, in a dialog or with Ctrl, Alt or Meta are left alone.
 * Of a key that answers, a second press that comes at once is not heard.
 * @param {Record<string, () => void>} actions By `event.key`, `Shift+` before it for arrows.
 */
export function listenToKeys(actions) {
  let last = { key: '', at: 0 };
  addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.repeat || event.defaultPrevented) return;
    if (document.querySelector('dialog[open]') || isField(event.target)) return;
    const arrow = event.key.startsWith('Arrow');
    const key = arrow ? (event.shiftKey ? `Shift+${event.key}` : event.key) : event.key.toLowerCase();
    if (!(key in actions) || (!arrow && key !== '?' && !byId('keys-on', HTMLInputElement).checked)) return;
    event.preventDefault();
    const again = last.key === key && event.timeStamp - Math.max(last.at, now.shownAt) < AGAIN_AFTER_MS;
    last = { key, at: event.timeStamp };
    if (again && answering.has(key)) return;
    actions[key]();
  });
}

/** @param {EventTarget | null} target */
const isField = (target) =>
  target instanceof HTMLSelectElement ||
  target instanceof HTMLTextAreaElement ||
  (target instanceof HTMLInputElement && target.type !== 'checkbox');
