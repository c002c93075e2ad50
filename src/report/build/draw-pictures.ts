import { throwIfInterrupted } from '../../core/interrupt.js';
import { cropBytes } from '../../core/crop-geometry.js';
import { CropReader } from '../../images/crop-file.js';
import { cropThumbnail } from '../../images/thumbnail.js';
import type { Pictures } from '../report.js';
import { checkedCropFile } from '../../workspace/check-crops.js';
import { cropGeometryOf } from '../../workspace/dataset.js';
import type { Workspace } from '../../workspace/workspace.js';

/** Pixels a side: sharp at the 96 of the page, on most screens. */
const SIDE = 112;

/** A small picture of each image by its crop, of those that are still there. @param slots by path */
export async function drawPictures(
  workspace: Workspace,
  slots: ReadonlyMap<string, number>,
  signal?: AbortSignal,
): Promise<Pictures['crops']> {
  const pictures = new Map<string, Uint8Array>();
  if (slots.size === 0) return pictures;
  const crops = new CropReader(checkedCropFile(workspace), cropGeometryOf(workspace).size);
  try {
    for (const [path, slot] of slots) {
      throwIfInterrupted(signal);
      const crop = new Uint8Array(cropBytes(crops.size));
      crops.readInto(slot, crop);
      pictures.set(path, await cropThumbnail(crop, crops.size, SIDE));
    }
  } finally {
    crops.close();
  }
  return pictures;
}
