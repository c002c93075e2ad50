import { existsSync } from 'node:fs';
import { checkOnce, crc32c, piecesOf } from '../core/checksum.js';
import { cropBytes } from '../core/crop-geometry.js';
import { WorkspaceError } from '../core/errors.js';
import { cropFileOf, cropGeometryOf } from './dataset.js';
import type { Workspace } from './workspace.js';
import { quantity } from '../core/text/quantity.js';

/** What is wrong with the file of crops. */
export interface CropDamage {
  /** Paths of images whose crop is not the one that was written, or is not there. */
  paths: string[];
  /** Crops without a checksum: an earlier version wrote them. */
  unchecked: number;
}

/** Crops read at once. */
const GROUP = 64;

/** Compares every crop with its checksum. */
export function findDamagedCrops(workspace: Workspace): CropDamage {
  const rows = workspace.database
    .prepare(
      'SELECT crops.slot, crops.crc, images.path FROM crops JOIN images ON images.id = crops.image ORDER BY crops.slot',
    )
    .iterate() as IterableIterator<{ slot: number; crc: number | null; path: string }>;
  const file = cropFileOf(workspace);
  const length = cropBytes(cropGeometryOf(workspace).size);
  const groups = existsSync(file) ? piecesOf(file, GROUP * length) : [][Symbol.iterator]();
  const damage: CropDamage = { paths: [], unchecked: 0 };
  let group: Uint8Array = new Uint8Array(0);
  let first = -GROUP; // slot of the group's first crop
  for (const { slot, crc, path } of rows) {
    for (; slot >= first + GROUP; first += GROUP) group = groups.next().value ?? new Uint8Array(0);
    const crop = group.subarray((slot - first) * length, (slot - first + 1) * length);
    if (crop.length < length || (crc !== null && crc32c(crop) !== crc)) damage.paths.push(path);
    else if (crc === null) damage.unchecked++;
  }
  return damage;
}

/**
 * The file of crops, after it was compared with its checksums, once a process.
 * @throws WorkspaceError naming images whose crops are damaged or cut off
 */
export function checkedCropFile(workspace: Workspace): string {
  const file = cropFileOf(workspace);
  if (!existsSync(file)) throw damaged(`The file of crops, "${file}", is not there.`);
  checkOnce(file, () => {
    const { paths } = findDamagedCrops(workspace);
    if (paths.length > 0)
      throw damaged(
        `"${file}" is damaged or cut short: not what ingest wrote: ${quantity(paths.length, 'crop')}, such as that of "${paths[0]}".`,
      );
  });
  return file;
}

const damaged = (message: string): WorkspaceError =>
  new WorkspaceError(message, [
    'facesieve ingest SOURCE --force makes the crops again; verdicts stay.',
    'facesieve doctor --workspace DIR checks the rest of the workspace.',
  ]);
