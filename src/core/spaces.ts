import type { Matrix } from './vectors.js';

/**
 * The embedding space that rows lie in. Cosines of two spaces have different distributions and must not be compared:
 * - `frozen`: features of a network that never saw the labels of this set,
 * - `trained`: embeddings of a network that was trained on those labels,
 * - `whitened`: either of them after within-class covariance normalisation (noise/wccn.ts).
 */
export type Space = 'frozen' | 'trained' | 'whitened';

/** Unit rows whose space is part of the type: a function of two of them asks for the same one. */
export type MatrixIn<S extends Space> = Matrix & { readonly space: S };

/** Returns `matrix` (the same memory) marked as lying in `space`. */
export const inSpace = <S extends Space, M extends Matrix = Matrix>(
  space: S,
  matrix: M,
): M & { readonly space: S } => ({
  ...matrix,
  space,
});
