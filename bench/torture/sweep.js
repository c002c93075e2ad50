import { attempt } from './attempt.js';
import { faultName, isKill, pointsOf } from './faults.js';
import { kinds } from './findings.js';
import { randomOf } from '../../dist/core/random.js';

/** One scenario on its way through its points. */
export class Sweep {
  #points;

  constructor(reference, { seed, sample, killSample }) {
    this.reference = reference;
    this.scenario = reference.scenario;
    const random = randomOf(seed, 'torture', this.scenario.name);
    const all = pointsOf(reference.calls);
    const share = (point) => (isKill(point) ? killSample : sample);
    this.#points = random.shuffle(all).filter((point) => random.uniform() < share(point));
    this.row = { name: this.scenario.name, points: all.length, tried: 0, kills: 0, named: 0, missed: 0 };
  }

  get done() {
    return this.#points.length === 0;
  }

  /** Tries the next point. */
  next(bench, findings) {
    const point = this.#points.pop();
    return this.#try(bench, findings, { fault: faultName(point) });
  }

  /** Kills the command after a random part of the time that it takes alone, `times` times in a row. */
  kill(bench, findings, random, times) {
    bench.program.renew();
    const killsAfterMs = Array.from({ length: times }, () => Math.ceil(random.between(0, 1) * this.coldMs));
    return this.#try(bench, findings, { killsAfterMs });
  }

  async #try(bench, findings, meeting) {
    const { met, kills, named, problems } = await attempt(bench, this.reference, meeting);
    if (!met) return void this.row.missed++;
    this.row.tried += Math.max(1, kills);
    this.row.kills += kills;
    if (named) this.row.named++;
    for (const kind of kinds) if (problems.some((one) => one.kind === kind)) this.row[kind] = (this.row[kind] ?? 0) + 1;
    findings.add(this.scenario, meeting.fault ?? `kill after ${meeting.killsAfterMs.join(', ')} ms`, problems);
  }
}
