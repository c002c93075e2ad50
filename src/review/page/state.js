import { currentRoute } from './route.js';

/** Where the page is: the modules that go places and say something share it. */
export const now = {
  session: /** @type {import('../queries/api-types.js').SessionAnswer} */ (/** @type {unknown} */ (null)),
  route: currentRoute(),
  screen: /** @type {import('../queries/api-types.js').IdentityAnswer | null} */ (null),
  /**
   * The question about names on the screen, the chosen face, and the faces that were moved: an image's id -> its group.
   * @type {{ asked: import('../queries/api-types.js').NameQuestionAnswer, at: { group: number, face: number }, moved: Map<number, number> } | null}
   */
  names: null,
  /** Of the question on the screen. */
  index: 0,
  /** Counts arrivals: what comes in late of an earlier one is not shown. */
  arrival: 0,
  /** While the next screen is on its way no key means the one before. */
  arriving: true,
  /** When the question on the screen came, as events count time, in ms. */
  shownAt: 0,
};

export const question = () => (now.arriving ? undefined : now.screen?.questions[now.index]);

export const openHere = () => (now.screen?.questions ?? []).filter(({ verdict }) => verdict === null).length;
