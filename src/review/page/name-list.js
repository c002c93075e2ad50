import { ask } from './api.js';
import { announce } from './dom.js';
import { showProgress } from './progress-view.js';
import { showFilters, showNameList } from './side-view.js';
import { now } from './state.js';

const AGAIN_AFTER_MS = 700;

/** One search is waited for at a time. */
let waiting = false;

/**
 * Lists the questions about names. While people are searched for among the dropped images it asks again, and counts them in
 * when they are found.
 * @param {import('./route.js').Route} route
 * @param {() => void} [found] called when there are more questions than before
 */
export async function listNames(route, found) {
  const { state } = await showNameList(route);
  if (state !== 'searching' || waiting) return;
  waiting = true;
  try {
    await searchEnded();
  } finally {
    waiting = false;
  }
  const before = now.session.names.questions;
  now.session = await ask('session');
  showProgress(now.route.show, now.session);
  showFilters(now.route, now.session);
  await showNameList(now.route);
  const more = now.session.names.questions - before;
  if (more <= 0) return;
  announce(`Found among the dropped images: ${more.toLocaleString()} more questions about names`);
  found?.();
}

async function searchEnded() {
  do await new Promise((again) => setTimeout(again, AGAIN_AFTER_MS));
  while ((await showNameList(now.route)).state === 'searching');
}
