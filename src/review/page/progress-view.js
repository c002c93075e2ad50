import { byId, part } from './dom.js';
import { counted } from './person-view.js';

/**
 * How much of what is asked for is answered.
 * @param {readonly string[]} show
 * @param {Pick<import('../queries/api-types.js').SessionAnswer, 'decisions' | 'names'>} session
 */
export function showProgress(show, { decisions, names }) {
  let [all, answered] = [names.questions, names.answered];
  for (const [kind, count] of Object.entries(decisions))
    if (show.includes(kind)) [all, answered] = [all + count.questions, answered + count.answered];
  Object.assign(byId('progress', HTMLProgressElement), { max: Math.max(1, all), value: answered });
  part('progress-text').textContent = `${answered.toLocaleString()} of ${all.toLocaleString()} answered`;
}

/** Why verdicts are not stored yet, or were refused. @param {number} waiting @param {string | null} trouble */
export function showTrouble(waiting, trouble) {
  const banner = part('banner');
  banner.hidden = trouble === null;
  const more =
    waiting > 0
      ? ` ${counted(waiting, 'verdict')} wait here and are stored as soon as possible: keep this page open.`
      : '';
  banner.textContent = trouble === null ? '' : trouble + more;
}
