import { detailOf, type Grey } from '../images/thumbnail.js';

/** Side a crop is described at, and of the cells it is described by. */
export const GRADIENT_SIDE = 32;
const CELL = 8;
const CELLS = GRADIENT_SIDE / CELL;
const DIRECTIONS = 8;
/** Length of a description. */
export const GRADIENT_LENGTH = CELLS * CELLS * DIRECTIONS;

/**
 * Which way edges run in each of 4 x 4 cells (histograms of oriented gradients, Dalal & Triggs 2005, with soft cells): it
 * changes little when a picture is shifted or scaled by a tenth, and needs no network. @returns (4 * 4 * 8)
 */
export function gradientHistogram(grey: Grey): Float32Array {
  const { data } = detailOf(grey, CELL, 8);
  const cells = new Float32Array(GRADIENT_LENGTH);
  for (let y = 1; y < GRADIENT_SIDE - 1; y++)
    for (let x = 1; x < GRADIENT_SIDE - 1; x++) {
      const at = y * GRADIENT_SIDE + x;
      const across = data[at + 1] - data[at - 1];
      const down = data[at + GRADIENT_SIDE] - data[at - GRADIENT_SIDE];
      const turn = ((Math.atan2(down, across) / Math.PI + 1) / 2) * DIRECTIONS;
      addSoftly(cells, (x + 0.5) / CELL - 0.5, (y + 0.5) / CELL - 0.5, turn, Math.hypot(across, down));
    }
  return cells.map(Math.sqrt); // strong edges do not drown the rest
}

/** Spreads `weight` over the two nearest cells each way and the two nearest directions. */
function addSoftly(cells: Float32Array, column: number, row: number, turn: number, weight: number): void {
  const [left, top, direction] = [Math.floor(column), Math.floor(row), Math.floor(turn)];
  for (let corner = 0; corner < 8; corner++) {
    const [x, y, d] = [left + (corner & 1), top + ((corner >> 1) & 1), direction + (corner >> 2)];
    if (x < 0 || y < 0 || x >= CELLS || y >= CELLS) continue;
    const share = (1 - Math.abs(column - x)) * (1 - Math.abs(row - y)) * (1 - Math.abs(turn - d));
    cells[(y * CELLS + x) * DIRECTIONS + (d % DIRECTIONS)] += weight * share;
  }
}
