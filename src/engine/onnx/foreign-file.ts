import { readFileSync } from 'node:fs';
import { InferenceSession } from 'onnxruntime-node';
import { FormatError, PathError } from '../../core/errors.js';

/** The bytes of a model from elsewhere. @throws PathError */
export function readForeign(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new PathError(`The model "${file}" cannot be read: ${(error as Error).message}`);
  }
}

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
