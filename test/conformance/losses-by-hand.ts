import type { LossCase } from '../helpers/loss-value.js';

/**
 * Every loss once more, from its formula, in plain numbers. Nothing here is shared with src/losses. A margin's shift is
 * `detach`ed: it keeps the value that it had at the point where a gradient is taken.
 */

type Row = number[];
interface Point {
  x: Row[];
  before: Row[];
  w: Row[];
  weights: Record<string, Row>;
}
type Settings = Record<string, number | string | boolean>;
interface Scene extends Point {
  labels: number[];
  cosine: Row[]; // (B, C)
  settings: Settings;
  share: number;
  step: number;
  state: Record<string, number>;
  attributes: Row[];
  shares: Row;
  detach: (value: number) => number;
}

const dot = (a: Row, b: Row): number => a.reduce((sum, value, i) => sum + value * b[i], 0);
const length = (a: Row): number => Math.sqrt(dot(a, a) + 1e-12);
const mean = (values: Row): number => values.reduce((a, b) => a + b, 0) / values.length;
const radians = (degrees: number): number => (degrees * Math.PI) / 180;
const angle = (cosine: number): number => Math.acos(Math.min(1, Math.max(-1, cosine)));
const logSumExp = (values: Row): number => {
  const most = Math.max(...values);
  return most + Math.log(values.reduce((sum, value) => sum + Math.exp(value - most), 0));
};
const crossEntropy = (logits: Row, label: number): number => logSumExp(logits) - logits[label];
const softplus = (value: number): number => Math.max(value, 0) + Math.log1p(Math.exp(-Math.abs(value)));

const psi = (turned: number): number => {
  const k = Math.floor(turned / Math.PI);
  return (k % 2 === 0 ? 1 : -1) * Math.cos(turned) - 2 * k;
};
const arc = (cosine: number, margin: number): number =>
  angle(cosine) + margin < Math.PI ? Math.cos(angle(cosine) + margin) : cosine - margin * Math.sin(margin);

/** Mean cross-entropy of `factor` times the cosines, the target's being phi of it. */
function softmax(
  { cosine, labels, detach }: Scene,
  phi: (own: number, image: number) => number,
  factor: (image: number, label: number) => number,
): number {
  return mean(
    cosine.map((row, image) => {
      const shift = detach(phi(row[labels[image]], image) - row[labels[image]]);
      const logits = row.map((c, j) => factor(image, j) * (j === labels[image] ? c + shift : c));
      return crossEntropy(logits, labels[image]);
    }),
  );
}

const lambda = ({ settings: { annealFrom = 1000, annealTo = 5 }, step }: Scene): number =>
  Math.max(annealTo as number, (annealFrom as number) / (1 + 0.12 * step));
const annealed = (scene: Scene, margin: number) => (own: number) =>
  (lambda(scene) * own + psi(margin * angle(own))) / (1 + lambda(scene));

const number = (value: unknown, otherwise: number): number => (typeof value === 'number' ? value : otherwise);

const losses: Record<string, (scene: Scene) => number> = {
  arcface(scene) {
    const { settings, share } = scene;
    const combined = settings.preset === 'combined';
    const m1 = 1 + (number(settings.angleFactor, 1) - 1) * share;
    const m2 = radians(number(settings.marginDegrees, 17.2)) * share;
    const m3 = (combined ? 0.2 : number(settings.cosineMargin, 0)) * share;
    const turned = (own: number): number => (m1 === 1 ? arc(own, m2) : psi(m1 * angle(own) + m2));
    return softmax(
      scene,
      (own) => turned(own) - m3,
      () => number(settings.scale, 24),
    );
  },
  cosface(scene) {
    const { settings, share } = scene;
    const margin = number(settings.margin, 0.2) * share;
    return softmax(
      scene,
      (own) => own - margin,
      () => number(settings.scale, 24),
    );
  },
  'am-softmax'(scene) {
    const { settings, share, x } = scene;
    const margin = number(settings.margin, 0.35) * share;
    const factor = (image: number): number =>
      settings.normaliseFeatures === false ? length(x[image]) : number(settings.scale, 30);
    return softmax(scene, (own) => own - margin, factor);
  },
  'l-softmax'(scene) {
    const margin = number(scene.settings.margin, 4);
    return softmax(scene, annealed(scene, margin), (image, j) => length(scene.x[image]) * length(scene.w[j]));
  },
  'a-softmax'(scene) {
    const { settings, share, x } = scene;
    if (settings.style === 'r') {
      const margin = 1 + (number(settings.margin, 1.7) - 1) * share;
      return softmax(
        scene,
        (own) => psi(margin * angle(own)),
        () => number(settings.scale, 24),
      );
    }
    return softmax(scene, annealed(scene, number(settings.margin, 4)), (image) => length(x[image]));
  },
  magface(scene) {
    const { settings, share, x, cosine, labels, detach } = scene;
    const unit = Math.sqrt(x[0].length);
    const [low, high] = [number(settings.lowestLength, 0.44) * unit, number(settings.highestLength, 4.86) * unit];
    const [least, most] = [number(settings.lowestDegrees, 15.5), number(settings.highestDegrees, 27.5)].map(radians);
    return mean(
      cosine.map((row, image) => {
        const a = Math.min(high, Math.max(low, length(x[image])));
        const margin = (least + ((most - least) * (a - low)) / (high - low)) * share;
        const at = detach(row[labels[image]]);
        const own = row[labels[image]] + arc(at, margin) - at; // the length keeps its say in the margin
        const logits = row.map((c, j) => number(settings.scale, 24) * (j === labels[image] ? own : c));
        const reward = number(settings.lengthWeight, 20) * (1 / a + a / high ** 2);
        return crossEntropy(logits, labels[image]) + reward;
      }),
    );
  },
  'gb-cosface'({ cosine, labels, settings, share, state, detach }) {
    const s = number(settings.scale, 32);
    const m = number(settings.margin, 0.16) * share;
    const global = Math.min(0.7, Math.max(0.5, state.boundary));
    return mean(
      cosine.map((row, image) => {
        const own = row[labels[image]];
        const rival = logSumExp(row.filter((_, j) => j !== labels[image]).map((c) => s * c)) / s;
        const middle = detach((own + rival) / 2);
        const boundary = middle + number(settings.boundaryShare, 0.15) * (global - middle);
        return (softplus(2 * s * (boundary - own + m)) + softplus(2 * s * (rival - boundary + m))) / 2;
      }),
    );
  },
  simplex: ({ x, w, labels }) =>
    mean(
      x.map((row, image) => {
        const u = Math.sqrt(row.length);
        return (10 / (2 * row.length)) * row.reduce((sum, f, d) => sum + (f - u * w[labels[image]][d]) ** 2, 0);
      }),
    ),
  'norm-softmax': (scene) =>
    softmax(
      scene,
      (own) => own,
      () => number(scene.settings.scale, 20),
    ),
  joint({ x, before, cosine, labels, attributes, shares, weights }) {
    const smooth = cosine.map((row, image) => {
      const logits = row.map((c) => 24 * c);
      const all = mean(logits.map((_, j) => crossEntropy(logits, j)));
      return 0.9 * crossEntropy(logits, labels[image]) + 0.1 * all;
    });
    const apart = (a: Row, b: Row): number => Math.sqrt(Math.max(1e-12, dot(a, a) + dot(b, b) - 2 * dot(a, b)));
    const triplets = x.map((_, a) => {
      const distances = before.map((row) => apart(before[a], row));
      const farthest = Math.max(...distances.filter((_, b) => labels[a] === labels[b]));
      const nearest = Math.min(...distances.filter((_, b) => labels[a] !== labels[b]));
      return Math.max(0, farthest - nearest + 0.3);
    });
    const known = attributes.flatMap((row, image) =>
      row.flatMap((has, at) => {
        if (has < 0) return [];
        const column = before[image].map((_, d) => weights.attributes[d * row.length + at]);
        const said = dot(before[image], column) + weights.attributeBias[at];
        return [has === 1 ? ((1 - shares[at]) / shares[at]) * softplus(-said) : softplus(said)];
      }),
    );
    return mean(smooth) + mean(triplets) + (known.length > 0 ? 0.1 * mean(known) : 0);
  },
};

const inRows = (values: number[], width: number): Row[] =>
  Array.from({ length: values.length / width }, (_, i) => values.slice(i * width, (i + 1) * width));

/** Each class's nearest sub-centre, (B, C). */
const cosines = (x: Row[], w: Row[], subcenters: number): Row[] =>
  x.map((row) => {
    const all = w.map((centre) => dot(row, centre) / length(row) / length(centre));
    return inRows(all, subcenters).map((own) => Math.max(...own));
  });

/** Labels after relabelling. */
function relabelled(cosine: Row[], labels: number[], degrees: number): number[] {
  return cosine.map((row, image) => {
    const others = row.map((c, j) => (j === labels[image] ? -4 : c));
    const rival = Math.max(...others);
    return angle(row[labels[image]]) - angle(rival) > radians(degrees) ? others.indexOf(rival) : labels[image];
  });
}

/** Value and, by central differences, gradients. */
export function byHand(
  loss: string,
  settings: Settings,
  given: LossCase,
): { value: number; gradients: Record<string, Row> } {
  const { subcenters = 1, marginShare: share = 1, step = 0, state = {}, shares = [] } = given;
  const dimensions = given.shape[1];
  const point = {
    embedding: given.embedding,
    beforeNeck: given.beforeNeck ?? given.embedding,
    centres: given.centres,
    ...Object.fromEntries(Object.entries(given.weights ?? {}).map(([name, { values }]) => [name, values])),
  } as Record<string, Row>;
  const first = cosines(inRows(point.embedding, dimensions), inRows(point.centres, dimensions), subcenters);
  const degrees = settings.relabelAfter === undefined ? undefined : number(settings.relabelDegrees, 28.6);
  const labels = degrees === undefined ? given.labels : relabelled(first, given.labels, degrees);
  const evaluate = (at: Record<string, Row>, detach: Scene['detach']): number => {
    const [x, before, w] = [at.embedding, at.beforeNeck, at.centres].map((values) => inRows(values, dimensions));
    return losses[loss]({
      ...{ x, before, w, weights: at, labels, cosine: cosines(x, w, subcenters), settings, share, step, state, detach },
      ...{ attributes: inRows(given.attributes ?? [], shares.length || 1), shares },
    });
  };
  const kept: number[] = [];
  const value = evaluate(point, (number) => (kept.push(number), number));
  const replay = (at: Record<string, Row>): number => {
    let next = 0;
    return evaluate(at, () => kept[next++]);
  };
  const slope = (name: string, i: number): number => {
    const [up, down] = [1e-5, -1e-5].map((by) =>
      replay({ ...point, [name]: point[name].with(i, point[name][i] + by) }),
    );
    return (up - down) / 2e-5;
  };
  const gradients = Object.fromEntries(
    Object.keys(point).map((name) => [name, point[name].map((_, i) => slope(name, i))]),
  );
  return { value, gradients };
}
