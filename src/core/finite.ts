import { FormatError } from './errors.js';

/**
 * Lets numbers in that can be computed with.
 * @param what names them in the error, for example `the embeddings of run 1`
 * @param columns numbers per row: the error names the first row @throws FormatError when one is NaN or infinite
 */
export function assertFinite(data: Float32Array, what: string, columns: number): void {
  for (let i = 0; i < data.length; i++)
    if (!Number.isFinite(data[i]))
      throw new FormatError(`${what}: row ${Math.floor(i / columns)} holds a number that is not finite (${data[i]}).`, [
        'A network whose weights are damaged, or a run that diverged, gives such numbers: train again, or use another --backbone.',
      ]);
}
