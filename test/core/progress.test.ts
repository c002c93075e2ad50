import { expect, it } from 'vitest';
import { counted } from '../../src/core/progress.js';

/** The lines shown when `done` images are done after `ms` milliseconds. */
function shown(work: { total?: number; before?: number }, steps: readonly { ms: number; done: number }[]): string[] {
  const lines: string[] = [];
  let time = 0;
  const progress = { update: (stage: string, text: string) => lines.push(`${stage}: ${text}`), note: () => undefined };
  const show = counted(progress, 'embed', { what: 'crops', ...work }, () => time);
  for (const { ms, done } of steps) {
    time = ms;
    show(done);
  }
  return lines;
}

it.each([
  [
    'the rate and the time left after a second',
    { total: 400 },
    { ms: 2000, done: 100 },
    '100 of 400 crops  50/s  0:06 left',
  ],
  ['no rate in the first second', { total: 400 }, { ms: 900, done: 100 }, '100 of 400 crops'],
  ['minutes', { total: 1300 }, { ms: 10_000, done: 100 }, '100 of 1300 crops  10/s  2:00 left'],
  ['tenths of a slow rate', { total: 5 }, { ms: 4000, done: 1 }, '1 of 5 crops  0.3/s  0:16 left'],
  ['the rate alone where the total is unknown', {}, { ms: 2000, done: 100 }, '100 crops  50/s'],
  ['the rate of this run when work goes on', { before: 60 }, { ms: 2000, done: 100 }, '100 crops  20/s'],
])('counted work shows %s', (_, work, step, line) => expect(shown(work, [step])).toEqual([`embed: ${line}`]));
