import type { Config } from './config.js';

/** Bytes of one crop, (size, size, 3). */
export const cropBytes = (size: number): number => size * size * 3;

/**
 * How crops are cut: faces found and aligned (`auto`), or a square of `share` of the shorter side round the middle;
 * `size` pixels a side.
 */
export interface CropGeometry {
  size: number;
  align: Config['ingest']['align'];
  share: number;
  /** Names the networks that found the faces, by content; with `auto` only. */
  faces?: string;
}

export const cropGeometry = ({ ingest: { size, align, centerShare } }: Config): CropGeometry => ({
  size,
  align,
  share: align === 'none' ? 1 : centerShare,
});
