import { InferenceSession } from 'onnxruntime-node';
import { FormatError } from '../../core/errors.js';
import { readGiven } from '../../core/regular-file.js';
import { withWeightsInside } from './external-data.js';

/**
 * The bytes of a model from elsewhere, with the weights that it keeps in other files: a hash of them covers both.
 * @throws UnreadableFileError, FormatError when they are too many
 */
export const readForeign = (file: string): Uint8Array => withWeightsInside(readGiven(file), file);

/** A session on the bytes of `file`. @throws FormatError when they are no model */
export function openForeign(
  file: string,
  bytes: Uint8Array,
  options: InferenceSession.SessionOptions,
): Promise<InferenceSession> {
  return InferenceSession.create(bytes, options).catch((error: unknown) => {
    throw new FormatError(`"${file}" is not a model that ONNX Runtime can run: ${(error as Error).message}`);
  });
}
