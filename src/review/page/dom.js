/** Small helpers over the DOM. Text is only ever set as text. */

/**
 * The element of this id, of the kind it is.
 * @template {HTMLElement} T
 * @param {string} id
 * @param {new () => T} kind
 * @returns {T}
 */
export function byId(id, kind) {
  const element = document.getElementById(id);
  if (!(element instanceof kind)) throw new Error(`#${id} is not there`);
  return element;
}

/** @param {string} id */
export const part = (id) => byId(id, HTMLElement);

/** @param {string} id */
export const button = (id) => byId(id, HTMLButtonElement);

/**
 * A new element; properties are set as such, `aria-…`, `role` and `data-…` as attributes.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, unknown>} properties
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties))
    if (/^(aria-|data-|role$)/.test(name)) element.setAttribute(name, String(value));
    else Object.assign(element, { [name]: value });
  element.append(...children);
  return element;
}

/**
 * @param {HTMLElement} element
 * @param {...(Node | string)} children
 */
export const fill = (element, ...children) => element.replaceChildren(...children);

/**
 * A face by its slot; `version` keeps the browser from showing one of an earlier ingest.
 * @param {number} slot
 * @param {string} version
 * @param {string} alt
 */
export const faceImage = (slot, version, alt) =>
  make('img', { src: faceAddress(slot, version), alt, loading: 'lazy', decoding: 'async', width: 96, height: 96 });

/**
 * @param {number} slot
 * @param {string} version
 */
export const faceAddress = (slot, version) => `faces/${slot}?v=${version}`;

/** Tells people who listen what has changed. @param {string} text */
export function announce(text) {
  part('live').textContent = text;
}

/** Tells everybody what was just said or taken back: the page has gone on, so that the question no longer shows it. @param {string} text */
export function showLastSaid(text) {
  announce(text);
  part('last-said').hidden = false;
  part('last-said').textContent = text;
}
