import { Worker } from 'node:worker_threads';
import { workerUrl } from '../../core/version.js';
import type { DropSearch } from '../drop-clusters.js';

/** How far the search for people among the dropped images is. */
export type SearchState =
  { state: 'searching' } | { state: 'found'; found: DropSearch } | { state: 'failed'; message: string };

/**
 * Searches the dropped images of a sift run for people, on a thread of its own: the page does not wait for it. Of each
 * state of the workspace once.
 */
export class StrangerSearch {
  private last: { version: string; state: SearchState } | undefined;

  constructor(private readonly folder: string) {}

  /** Null before the search was begun for this version of images and decisions. */
  stateOf(version: string): SearchState | null {
    return this.last?.version === version ? this.last.state : null;
  }

  /** Begins the search, unless it was begun before. @param drops how many images were dropped: few need no thread */
  begin(version: string, drops: number, least: number): SearchState {
    if (this.last?.version !== version) {
      const search: { version: string; state: SearchState } = { version, state: { state: 'searching' } };
      this.last = search;
      if (drops < least) search.state = { state: 'found', found: { clusters: [], compared: 0, photographs: 0 } };
      else void searchOnThread(this.folder, least).then((state) => (search.state = state));
    }
    return this.last.state;
  }
}

/** What the thread is given. */
export interface SearchOrder {
  folder: string;
  least: number;
}

function searchOnThread(folder: string, least: number): Promise<SearchState> {
  const workerData: SearchOrder = { folder, least };
  const worker = new Worker(workerUrl('stranger-worker', import.meta.url), { workerData });
  worker.unref(); // whoever closes the page does not wait for it
  return new Promise((done) => {
    worker.once('message', (state: SearchState) => done(state));
    worker.once('error', ({ message }) => done({ state: 'failed', message }));
    worker.once('exit', () => done({ state: 'failed', message: 'The search ended before it found anything.' }));
  });
}
