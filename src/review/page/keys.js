import { byId, fill, make, part } from './dom.js';
import { choices } from './verdicts.js';

const otherKeys = [
  ['J', 'Names: one person. Joins two names, leaves one name whole, or makes dropped images a person'],
  ['N', 'Names: two names, or these dropped images, are not the same person'],
  ['D', 'Names: divides a name as shown'],
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
 * @param {Record<string, () => void>} actions By `event.key`, `Shift+` before it for arrows.
 */
export function listenToKeys(actions) {
  addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.repeat || event.defaultPrevented) return;
    if (document.querySelector('dialog[open]') || isField(event.target)) return;
    const arrow = event.key.startsWith('Arrow');
    const key = arrow ? (event.shiftKey ? `Shift+${event.key}` : event.key) : event.key.toLowerCase();
    if (!(key in actions) || (!arrow && key !== '?' && !byId('keys-on', HTMLInputElement).checked)) return;
    event.preventDefault();
    actions[key]();
  });
}

/** @param {EventTarget | null} target */
const isField = (target) =>
  target instanceof HTMLSelectElement ||
  target instanceof HTMLTextAreaElement ||
  (target instanceof HTMLInputElement && target.type !== 'checkbox');
