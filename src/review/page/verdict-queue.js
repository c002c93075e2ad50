import { Refusal, tell } from './api.js';
import { showTrouble } from './progress-view.js';

const AGAIN_AFTER_MS = 2000;

/**
 * Something said. `revert` takes its mark off the page again.
 * @typedef {{
 *   path: string, body: object, done: (answer: any) => void, revert: () => void
 * }} Said
 */

/**
 * Sends what is said, one after the other and in order. While another command holds the workspace, or the server does not
 * answer, it waits and tries again; nothing is lost while the page stays open.
 */
class VerdictQueue {
  /** @type {Said[]} */
  #waiting = [];
  #running = false;
  #onItsWay = false;
  #changed;

  /** @param {(waiting: number, trouble: string | null) => void} changed */
  constructor(changed) {
    this.#changed = changed;
    addEventListener('beforeunload', (event) => {
      if (this.#waiting.length > 0) event.preventDefault();
    });
  }

  /** @param {Said} said */
  add(said) {
    this.#waiting.push(said);
    if (!this.#running) void this.#run();
  }

  /** Forgets what was said last, if it was not sent yet. Says whether there was such. */
  dropLast() {
    if (this.#waiting.length <= (this.#onItsWay ? 1 : 0)) return false;
    /** @type {Said} */ (this.#waiting.pop()).revert();
    return true;
  }

  /** When all of it is stored. */
  async idle() {
    while (this.#running) await new Promise((again) => setTimeout(again, 20));
  }

  async #run() {
    this.#running = true;
    while (this.#waiting.length > 0) {
      this.#onItsWay = true;
      const trouble = await this.#send(this.#waiting[0]);
      this.#onItsWay = false;
      this.#changed(this.#waiting.length, trouble);
      if (trouble && this.#waiting.length > 0) await new Promise((again) => setTimeout(again, AGAIN_AFTER_MS));
    }
    this.#running = false;
  }

  /**
   * @param {Said} said
   * @returns {Promise<string | null>} what is in the way
   */
  async #send({ path, body, done, revert }) {
    let answer;
    try {
      answer = await tell(path, body);
    } catch (error) {
      const { message, mayPass } = error instanceof Refusal ? error : new Refusal(String(error), false);
      if (!mayPass) {
        this.#waiting.shift();
        revert();
      }
      return message;
    }
    this.#waiting.shift();
    done(answer);
    return null;
  }
}

/** The page's own. */
export const queue = new VerdictQueue(showTrouble);
