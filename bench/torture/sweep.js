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
    this.row = { name: this.scenario.name, points: all.length, tried: 0, kills: 0, missed: 0 };
  }

  get done() {
    return this.#points.length === 0;
  }

  /** Tries the next point. */
  async next(bench, findings) {
    const point = this.#points.pop();
    await this.try(bench, findings, { fault: faultName(point) }, isKill(point));
  }

  /** Kills the command after a random part of the time that it takes alone. */
  async kill(bench, findings, random) {
    bench.program.renew();
    const killAfterMs = Math.ceil(random.between(0, 1) * this.coldMs);
    await this.try(bench, findings, { killAfterMs, kills: true }, true);
  }

  async try(bench, findings, meeting, kills) {
    const { met, problems } = await attempt(bench, this.reference, meeting);
    if (!met) return void this.row.missed++;
    this.row.tried++;
    if (kills) this.row.kills++;
    for (const kind of kinds) if (problems.some((one) => one.kind === kind)) this.row[kind] = (this.row[kind] ?? 0) + 1;
    findings.add(this.scenario, meeting.fault ?? `kill after ${meeting.killAfterMs} ms`, problems);
  }
}
