import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { randomOf } from '../../src/core/random.js';
import { fitQualityWeight } from '../../src/metrics/fit-qmagface.js';
import { identify } from '../../src/metrics/identification.js';
import { verificationOf } from '../../src/metrics/verification.js';
import { unitRows } from '../../src/core/vectors.js';

/** A Python with scikit-learn: .ci/run makes one. */
const python = process.env.FACESIEVE_REFEREES;
const script = join(import.meta.dirname, '../golden/score-figures.py');

interface Figures {
  accuracy: number;
  std: number;
  auc: number;
  eer: number;
  tarAtFar: Record<string, number | null>;
}
interface Golden {
  lists: {
    scores: number[];
    qualities: number[];
    same: number[];
    figures: Figures;
    fit?: { alpha: number; beta: number };
  }[];
  faces: { gallery: number[][]; probes: number[][]; of: number[]; cmc: number[] };
}
const golden = JSON.parse(readFileSync(script.replace('.py', '.json'), 'utf8')) as Golden;

function expectFigures(scores: Float64Array, same: boolean[], expected: Figures): void {
  const ours = verificationOf(scores, same, scores, 10);
  for (const name of ['accuracy', 'std', 'auc', 'eer'] as const)
    expect(Math.abs(ours[name] - expected[name]), name).toBeLessThan(1e-9);
  expect(Object.keys(ours.tarAtFar)).toEqual(Object.keys(expected.tarAtFar));
  for (const [far, tar] of Object.entries(expected.tarAtFar))
    if (tar === null) expect(ours.tarAtFar[far], far).toBeNull();
    else expect(Math.abs(ours.tarAtFar[far]! - tar), far).toBeLessThan(1e-9);
}

describe('figures that scikit-learn and an independent 10-fold script found', () => {
  it.each(golden.lists)('list %#: accuracy, AUC, EER, TAR at FAR', ({ scores, same, figures }) => {
    expectFigures(Float64Array.from(scores), same.map(Boolean), figures);
  });

  it.each(golden.lists.filter(({ fit }) => fit))('list %#: alpha and beta', ({ scores, qualities, same, fit }) => {
    const { parameters } = fitQualityWeight({
      same: same.map(Boolean),
      cosines: Float64Array.from(scores),
      qualities: Float64Array.from(qualities),
    });
    expect(Math.abs(parameters.alpha - fit!.alpha)).toBeLessThan(1e-9);
    expect(Math.abs(parameters.beta - fit!.beta)).toBeLessThan(1e-9);
  });

  it('CMC', () => {
    const { gallery, probes, of, cmc } = golden.faces;
    const rows = [...gallery, ...probes];
    const vectors = unitRows({ data: Float32Array.from(rows.flat()), rows: rows.length, dimensions: rows[0].length });
    const split = {
      gallery: gallery.map((_, person) => ({ identity: String(person), members: [person] })),
      probes: of.map((person, i) => ({ identity: String(person), index: gallery.length + i })),
    };
    const found = identify({ vectors, norms: rows.map(() => 1) }, split, (cosine) => cosine)!;
    expect(found.cmc).toHaveLength(cmc.length);
    found.cmc.forEach((share, rank) => expect(share).toBeCloseTo(cmc[rank], 9));
    expect(found.rank1).toBe(found.cmc[0]);
  });
});

describe.skipIf(!python)('figures of other lists, asked of scikit-learn now', () => {
  it('are ours to 1e-9', () => {
    const random = randomOf('scores for the referee');
    const lists = Array.from({ length: 12 }, (_, i) => {
      const count = 25 + random.integer(i < 9 ? 400 : 25_000);
      const same = Array.from({ length: count }, (_, pair) => (pair < 2 ? pair === 0 : random.uniform() < 0.4));
      const steps = i % 3 === 0 ? 20 : 1e6;
      const scores = same.map((one) => Math.tanh(0.6 * random.normal() + (one ? 0.7 : 0)));
      return { same, scores: scores.map((score) => Math.round(score * steps) / steps) };
    });
    const input = lists.map(({ scores, same }) => JSON.stringify({ scores, same })).join('\n');
    const { stdout, stderr, status } = spawnSync(python!, [script, 'judge'], { encoding: 'utf8', input });
    expect(status, stderr).toBe(0);
    const answers = stdout.trim().split('\n');
    expect(answers).toHaveLength(lists.length);
    answers.forEach((answer, i) => {
      expectFigures(Float64Array.from(lists[i].scores), lists[i].same, JSON.parse(answer) as Figures);
    });
  });
});
