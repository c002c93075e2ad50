/** What a crop looks like, whoever is on it. */
export interface CropQuality {
  /** Variance of the Laplacian of grey levels: low = blurred. */
  sharpness: number;
  /** Mean grey level, 0..255. */
  brightness: number;
  /** Standard deviation of grey levels: low = flat. */
  contrast: number;
}

/** @param crop (size, size, 3) */
export function cropQuality(crop: Uint8Array, size: number): CropQuality {
  const grey = greyLevels(crop);
  let sum = 0;
  let squares = 0;
  let edges = 0;
  let edgeSquares = 0;
  for (let i = 0; i < grey.length; i++) {
    sum += grey[i];
    squares += grey[i] * grey[i];
  }
  for (let y = 1; y < size - 1; y++)
    for (let x = 1, at = y * size + 1; x < size - 1; x++, at++) {
      const edge = grey[at - 1] + grey[at + 1] + grey[at - size] + grey[at + size] - 4 * grey[at];
      edges += edge;
      edgeSquares += edge * edge;
    }
  return {
    sharpness: rounded(variance(edges, edgeSquares, (size - 2) ** 2)),
    brightness: rounded(sum / grey.length),
    contrast: rounded(Math.sqrt(variance(sum, squares, grey.length))),
  };
}

/** @param rgb (N, 3) @returns (N) luma, ITU-R BT.601 */
export function greyLevels(rgb: Uint8Array): Float32Array {
  const grey = new Float32Array(rgb.length / 3);
  for (let i = 0, at = 0; i < grey.length; i++, at += 3)
    grey[i] = 0.299 * rgb[at] + 0.587 * rgb[at + 1] + 0.114 * rgb[at + 2];
  return grey;
}

const variance = (sum: number, squares: number, count: number): number =>
  Math.max(0, squares / count - (sum / count) ** 2);

const rounded = (value: number): number => Number(value.toFixed(2));
