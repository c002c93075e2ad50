/** Why a decoder of ours cannot decode a file: a clause about the file, such as `its end is missing`. */
export class DecoderError extends Error {}

/** @throws DecoderError when an image has more than `most` pixels */
export function refuseTooLarge(width: number, height: number, most: number): void {
  if (width * height > most)
    throw new DecoderError(`it has ${width} x ${height} pixels, more than the ${most} allowed`);
}
