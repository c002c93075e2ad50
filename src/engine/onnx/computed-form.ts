import { FormatError } from '../../core/errors.js';
import { slimGraph } from './slim/slim-graph.js';
import { splitPrelu } from './split-prelu.js';

/** A model as it is run instead of as it was given. */
export interface ComputedForm {
  /** Without channels that make no difference. */
  slim: Uint8Array;
  /** The same, PRelu in pieces. */
  split: Uint8Array;
}

/**
 * How the model in `bytes` is computed: a function of the bytes alone. Two files of the same form give the same
 * embeddings, and a form that changes with a new version of facesieve names other work. What cannot be taken apart stays as it is.
 */
export function computedForm(file: string, bytes: Uint8Array): ComputedForm {
  try {
    const slim = slimGraph(file, bytes).bytes;
    return { slim, split: splitPrelu(slim) };
  } catch (error) {
    if (error instanceof FormatError || error instanceof RangeError) return { slim: bytes, split: bytes };
    throw error;
  }
}
