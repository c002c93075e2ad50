import { PUBLISHED_SIZE } from '../../../core/config.js';
import type { GraphOutline, OutlineValue } from '../../../engine/onnx/graph-outline.js';

/** What a network of a pack is there for, told from what goes in and comes out; of others, what they take instead. */
export type NetworkRole =
  { role: 'embedder' } | { role: 'detector'; points: boolean } | { role: 'other'; takes: string };

/** Largest side of a detector's image and longest embedding: what published models have at most, four times. */
const MOST_PIXELS = 2560;
const LONGEST_EMBEDDING = 8192;

/** Values an anchor that each group of outputs has: score, box, five points; three or five outputs a group. */
const GROUPS: Record<number, readonly number[]> = { 6: [1, 4], 9: [1, 4, 10], 10: [1, 4], 15: [1, 4, 10] };

/** @returns the role that insightface gives a network by shape, if the shapes are those of such a network */
export function roleOf({ inputs, outputs }: GraphOutline): NetworkRole {
  const other = (takes: string): NetworkRole => ({ role: 'other', takes });
  const [input] = inputs;
  if (inputs.length !== 1) return other(`takes ${inputs.length} inputs`);
  const [batch, channels, height, width] = input.shape ?? [];
  if (input.shape?.length !== 4 || channels !== 3 || input.type === 'other') return other('takes no colour image');
  const sides = `${width ?? 'any'} x ${height ?? 'any'} pixels`;
  if ((batch ?? 1) !== 1) return other(`takes ${batch} images at once`);
  if (Math.max(width ?? 0, height ?? 0) > MOST_PIXELS) return other(`takes ${sides}, which is more than is accepted`);
  const groups = GROUPS[outputs.length];
  if (groups && isDetector(input, outputs, groups)) return { role: 'detector', points: groups.length === 3 };
  if (width !== PUBLISHED_SIZE || height !== PUBLISHED_SIZE) return other(`takes ${sides}`);
  return isVector(outputs) ? { role: 'embedder' } : other(`takes ${sides} and returns no vector of a usual length`);
}

function isDetector({ shape }: OutlineValue, outputs: readonly OutlineValue[], groups: readonly number[]): boolean {
  const [, , height, width] = shape!;
  if ((height === null) !== (width === null)) return false;
  const strides = outputs.length / groups.length;
  return outputs.every(
    ({ shape: made }, i) => (made?.at(-1) ?? groups[Math.floor(i / strides)]) === groups[Math.floor(i / strides)],
  );
}

function isVector([output, ...more]: readonly OutlineValue[]): boolean {
  const [, ...sides] = output?.shape ?? [];
  const length = sides.reduce<number>((product, side) => product * (side ?? 1), 1);
  return (
    output !== undefined &&
    more.length === 0 &&
    sides.filter((side) => side !== 1).length <= 1 &&
    length <= LONGEST_EMBEDDING
  );
}
