import { Refusal, tell } from './api.js';

const AGAIN_AFTER_MS = 2000;

/**
 * Something said: where it goes, and what to do with the answer, or with a refusal that will not pass.
 * @typedef {{ path: string, body: object, done: (answer: any) => void, failed: (message: string) => void }} Said
 */

/**
 * Sends what is said, one after the other and in order. While another command holds the workspace, or the server does not
 * answer, it waits and tries again; nothing is lost while the page stays open.
 */
export class VerdictQueue {
  /** @type {Said[]} */
  #waiting = [];
  #sending = false;
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
    void this.#send();
  }

  /** Forgets what was said last when it was not sent yet. */
  dropLast() {
    if (this.#waiting.length < 2) return undefined; // the first is on its way
    const last = this.#waiting.pop();
    return last;
  }

  async #send() {
    if (this.#sending) return;
    this.#sending = true;
    while (this.#waiting.length > 0) {
      const [{ path, body, done, failed }] = this.#waiting;
      try {
        const answer = await tell(path, body);
        this.#waiting.shift();
        done(answer);
        this.#changed(this.#waiting.length, null);
      } catch (error) {
        const refusal = error instanceof Refusal ? error : new Refusal(String(error), false);
        if (refusal.mayPass) {
          this.#changed(this.#waiting.length, refusal.message);
          await new Promise((again) => setTimeout(again, AGAIN_AFTER_MS));
        } else {
          this.#waiting.shift();
          failed(refusal.message);
          this.#changed(this.#waiting.length, null);
        }
      }
    }
    this.#sending = false;
  }
}
