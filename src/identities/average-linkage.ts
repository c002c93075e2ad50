import { dotRows, type Matrix } from '../core/vectors.js';

/** A group of images and, unless it is one image, the two groups it was linked of. */
export interface Cluster {
  /** Row numbers. */
  members: readonly number[];
  /** Mean cosine over the pairs between the two children; 1 for one image. */
  cosine: number;
  /** Mean cosine over all pairs of members; 1 for one image. */
  within: number;
  children: readonly [Cluster, Cluster] | null;
}

/**
 * Links `rows` of `embeddings` (N, D; unit rows) to one tree: again and again the two groups whose pairs have the
 * highest mean cosine (average linkage, Sokal & Michener 1958, by chains of nearest neighbours, Murtagh 1983). Takes
 * n*n steps and places for n rows. @throws never; `rows` must not be empty
 */
export function averageLinkage(embeddings: Matrix, rows: readonly number[]): Cluster {
  const n = rows.length;
  const cosines = pairCosines(embeddings, rows);
  const groups: (Cluster | null)[] = rows.map((row) => ({ members: [row], cosine: 1, within: 1, children: null }));
  const chain: number[] = [];
  for (let left = n; left > 1; left--) {
    if (chain.length === 0) chain.push(groups.findIndex((group) => group !== null));
    for (;;) {
      const last = chain[chain.length - 1];
      const before = chain[chain.length - 2] ?? -1;
      const nearest = nearestGroup(cosines, groups, last, before);
      if (nearest === before) break;
      chain.push(nearest);
    }
    const [a, b] = [chain.pop()!, chain.pop()!];
    link(cosines, groups, Math.min(a, b), Math.max(a, b));
  }
  return groups.find((group) => group !== null)!;
}

/** (n*n) cosines of all pairs. */
function pairCosines(embeddings: Matrix, rows: readonly number[]): Float64Array {
  const n = rows.length;
  const cosines = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < i; j++) {
      const cosine = dotRows(embeddings, rows[i], embeddings, rows[j]);
      cosines[i * n + j] = cosines[j * n + i] = cosine;
    }
  return cosines;
}

/** The group nearest to `of`; on a tie `before`, so that a chain ends. */
function nearestGroup(cosines: Float64Array, groups: readonly (Cluster | null)[], of: number, before: number): number {
  const n = groups.length;
  let best = before;
  let highest = before < 0 ? -Infinity : cosines[of * n + before];
  for (let other = 0; other < n; other++) {
    if (other === of || groups[other] === null || cosines[of * n + other] <= highest) continue;
    best = other;
    highest = cosines[of * n + other];
  }
  return best;
}

/** Puts group `b` to group `a`: the mean cosine of their union to every other group follows from theirs. */
function link(cosines: Float64Array, groups: (Cluster | null)[], a: number, b: number): void {
  const n = groups.length;
  const children: [Cluster, Cluster] = [groups[a]!, groups[b]!];
  const [sizeA, sizeB] = children.map(({ members }) => members.length);
  for (let other = 0; other < n; other++) {
    if (groups[other] === null || other === a || other === b) continue;
    const cosine = (sizeA * cosines[a * n + other] + sizeB * cosines[b * n + other]) / (sizeA + sizeB);
    cosines[a * n + other] = cosines[other * n + a] = cosine;
  }
  const cosine = cosines[a * n + b];
  const sum = children[0].within * pairsOf(sizeA) + children[1].within * pairsOf(sizeB) + cosine * sizeA * sizeB;
  groups[a] = {
    members: [...children[0].members, ...children[1].members],
    cosine,
    within: sum / pairsOf(sizeA + sizeB),
    children,
  };
  groups[b] = null;
}

const pairsOf = (size: number): number => (size * (size - 1)) / 2;
