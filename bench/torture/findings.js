import { normalText } from './normal-text.js';

export const kinds = ['lost', 'silent', 'unexpected', 'exit', 'different'];

/** Faults of one scenario that are the same but for numbers, with the first point that shows it. */
export class Findings {
  groups = new Map();

  add(scenario, point, problems) {
    for (const { kind, text } of problems) {
      const key = [scenario.name, kind, normalText(text)].join('\n');
      const group = this.groups.get(key) ?? { scenario: scenario.name, kind, text, points: [] };
      group.points.push(point);
      this.groups.set(key, group);
    }
  }

  /** The worst first, by scenario. */
  sorted() {
    const rank = ({ kind }) => kinds.indexOf(kind);
    return [...this.groups.values()].sort(
      (a, b) => a.scenario.localeCompare(b.scenario) || rank(a) - rank(b) || b.points.length - a.points.length,
    );
  }
}
