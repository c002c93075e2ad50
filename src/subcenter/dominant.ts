import { dotRows, type Matrix } from '../core/vectors.js';
import { rowOfSubcenter } from './centres.js';

/** The sub-centre that most images of an identity are nearest to. */
export interface Dominant {
  subcenter: number;
  /** Its share of the votes, (0, 1]. */
  share: number;
  /** False on a tie for the most votes, or below half of them: then the identity has no dominant sub-centre. */
  clear: boolean;
}

/** Votes per sub-centre -> dominant: most votes, ties to the lowest k (insightface drop.py, step 3). */
export function dominantOf(votes: readonly number[]): Dominant {
  const most = Math.max(...votes);
  const total = votes.reduce((sum, count) => sum + count, 0);
  const tied = votes.filter((count) => count === most).length > 1;
  return { subcenter: votes.indexOf(most), share: most / total, clear: !tied && 2 * most >= total };
}

/** Where each image stands among the sub-centres of its own identity, and each identity's dominant one. */
export interface Assignment {
  subcenter: Int32Array; // (N) nearest of the own identity's K
  cosAssigned: Float32Array; // (N)
  cosDominant: Float32Array; // (N)
  dominants: Dominant[]; // (C)
}

/**
 * Steps 1-3 of drop.py (insightface, recognition/subcenter_arcface): every image votes for the nearest of its identity's sub-centres.
 * @param embeddings (N, D) and @param centres (C*K, D), unit rows @param labels (N)
 */
export function assignSubcenters(
  embeddings: Matrix,
  centres: Matrix,
  labels: Int32Array,
  subcenters: number,
): Assignment {
  const cosine = (image: number, k: number): number => {
    const row = rowOfSubcenter(labels[image], k, subcenters);
    return dotRows(embeddings, image, centres, row);
  };
  const votes = Array.from({ length: centres.rows / subcenters }, () => Array<number>(subcenters).fill(0));
  const subcenter = new Int32Array(labels.length);
  const cosAssigned = new Float32Array(labels.length);
  for (let image = 0; image < labels.length; image++) {
    const cosines = Array.from({ length: subcenters }, (_, k) => cosine(image, k));
    cosAssigned[image] = Math.max(...cosines);
    subcenter[image] = cosines.indexOf(Math.max(...cosines));
    votes[labels[image]][subcenter[image]]++;
  }
  const dominants = votes.map(dominantOf);
  const cosDominant = Float32Array.from(labels, (label, image) => cosine(image, dominants[label].subcenter));
  return { subcenter, cosAssigned, cosDominant, dominants };
}
