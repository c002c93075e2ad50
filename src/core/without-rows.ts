import type { StoredTensor } from './safetensors.js';

/** `tensor` (rows, ...) without the rows in `gone`. */
export function withoutRows({ shape, data }: StoredTensor, gone: ReadonlySet<number>): StoredTensor {
  const [rows, ...rest] = shape;
  const length = rest.reduce((product, side) => product * side, 1);
  const kept = Array.from({ length: rows }, (_, row) => row).filter((row) => !gone.has(row));
  const left = new Float32Array(kept.length * length);
  kept.forEach((row, i) => left.set(data.subarray(row * length, (row + 1) * length), i * length));
  return { shape: [kept.length, ...rest], data: left };
}
