import type { Attributes } from '../core/face-set.js';
import { fingerprint, sha256 } from '../core/fingerprint.js';

/** Names what is known, for the run's id. */
export const attributesName = ({ names, values }: Attributes): string =>
  fingerprint([names, sha256(new Uint8Array(values.buffer))]);

/** A batch's rows, (B, A). */
export function attributeRows({ names, values }: Attributes, positions: Int32Array): Float32Array {
  const rows = new Float32Array(positions.length * names.length);
  positions.forEach((position, i) =>
    rows.set(values.subarray(position * names.length, (position + 1) * names.length), i * names.length),
  );
  return rows;
}
