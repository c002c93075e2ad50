import { z } from 'zod';

/** How a model wants its images: channel order, and (pixel - mean) / scale. */
export const preprocessingSchema = z.strictObject({
  channels: z.enum(['rgb', 'bgr']),
  mean: z.number(),
  scale: z.number().positive(),
});
export type Preprocessing = z.infer<typeof preprocessingSchema>;

/** ArcFace's own, which most published face models share. */
export const usualPreprocessing: Preprocessing = { channels: 'rgb', mean: 127.5, scale: 127.5 };

/**
 * Writes crop `bytes` (S, S, 3) RGB into `target` at `offset` as the model wants it.
 * @param channelsFirst (3, S, S), else (S, S, 3) @param mirror left and right exchanged
 * @param grey one channel of light instead, (S, S)
 */
export function prepareInto(
  bytes: Uint8Array,
  side: number,
  target: Float32Array,
  offset: number,
  { channels, mean, scale }: Preprocessing,
  { channelsFirst, mirror, grey = false }: { channelsFirst: boolean; mirror: boolean; grey?: boolean },
): void {
  const factor = 1 / scale;
  const plane = side * side;
  if (grey) {
    for (let at = 0; at < plane; at++) {
      const from = 3 * (mirror ? at - (at % side) + side - 1 - (at % side) : at);
      const light = 0.299 * bytes[from] + 0.587 * bytes[from + 1] + 0.114 * bytes[from + 2];
      target[offset + at] = (light - mean) * factor;
    }
    return;
  }
  for (let channel = 0; channel < 3; channel++) {
    const source = channels === 'rgb' ? channel : 2 - channel;
    for (let row = 0; row < side; row++)
      for (let column = 0; column < side; column++) {
        const from = row * side + (mirror ? side - 1 - column : column);
        const at = row * side + column;
        const to = channelsFirst ? channel * plane + at : at * 3 + channel;
        target[offset + to] = (bytes[from * 3 + source] - mean) * factor;
      }
  }
}
