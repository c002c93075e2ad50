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
  const laplacian = new Float64Array((size - 2) * (size - 2));
  for (let y = 1, next = 0; y < size - 1; y++)
    for (let x = 1; x < size - 1; x++) {
      const at = y * size + x;
      laplacian[next++] = grey[at - 1] + grey[at + 1] + grey[at - size] + grey[at + size] - 4 * grey[at];
    }
  const levels = moments(grey);
  return {
    sharpness: rounded(moments(laplacian).variance),
    brightness: rounded(levels.mean),
    contrast: rounded(Math.sqrt(levels.variance)),
  };
}

/** @param rgb (N, 3) @returns (N) luma, ITU-R BT.601 */
export function greyLevels(rgb: Uint8Array): Float64Array {
  const grey = new Float64Array(rgb.length / 3);
  for (let i = 0, at = 0; i < grey.length; i++, at += 3)
    grey[i] = 0.299 * rgb[at] + 0.587 * rgb[at + 1] + 0.114 * rgb[at + 2];
  return grey;
}

function moments(values: Float64Array): { mean: number; variance: number } {
  let [sum, squares] = [0, 0];
  for (const value of values) {
    sum += value;
    squares += value * value;
  }
  const mean = sum / values.length;
  return { mean, variance: Math.max(0, squares / values.length - mean * mean) };
}

const rounded = (value: number): number => Number(value.toFixed(2));
