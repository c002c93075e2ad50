import { attempt } from './attempt.js';
import { normalText } from './normal-text.js';

/**
 * Meets the first point of each finding again, every command in a process of its own: what only shows where other commands
 * ran before is no fault of the product's. At most `most`, and none once `isLate`.
 */
export async function confirm(bench, sweeps, findings, { most, isLate }) {
  const groups = findings.sorted();
  const results = new Map();
  for (const group of groups) {
    const point = group.points[0];
    const key = `${group.scenario}\n${point}`;
    if (point.startsWith('kill after')) group.confirmed = 'by chance';
    else if (group.kind === 'unexpected')
      group.confirmed = 'as it said'; // a message is what it is
    else if (!results.has(key) && (isLate() || results.size >= most)) group.confirmed = 'not tried again';
    else {
      const { reference } = sweeps.find(({ scenario }) => scenario.name === group.scenario);
      if (!results.has(key)) results.set(key, await attempt({ ...bench, fresh: true }, reference, { fault: point }));
      const again = results.get(key).problems.filter(({ kind }) => kind === group.kind);
      const same = again.some(({ text }) => normalText(text) === normalText(group.text));
      group.confirmed = same
        ? 'again in fresh processes'
        : again.length > 0
          ? 'otherwise in fresh processes'
          : 'NOT in fresh processes';
    }
  }
  return groups;
}
