import pMap from 'p-map';
import { Tinypool } from 'tinypool';
import { sha256 } from '../../core/fingerprint.js';
import { isMachineFault } from '../../core/system-errors.js';
import { arrive, type StartBarrier } from '../../core/start-barrier.js';
import { IrregularFileError } from '../../core/regular-file.js';
import { type Crop, cutImage } from '../../faces/cut-image.js';
import { type FaceFinder, openFaceFinder } from '../../faces/face-finder.js';
import { readPlace } from '../../formats/dataset/read-place.js';
import type { CropJob, CroppedFile, CropSettings } from './crop-pool.js';

/** Thread of crop-pool.ts: reads, hashes, decodes and crops one file. */
const { geometry, maxPixels, maxFileBytes, models } = Tinypool.workerData as CropSettings;
let finder: Promise<FaceFinder> | undefined;

/** One file is decoded while another is looked at. */
const AT_ONCE = 2;

export default function work(task: readonly CropJob[] | StartBarrier): Promise<CroppedFile[]> | void {
  if ('arrived' in task) return arrive(task);
  return pMap(task, cropFile, { concurrency: AT_ONCE });
}

async function cropFile({ place, bytes }: CropJob): Promise<CroppedFile> {
  let hash: string | null = null;
  try {
    const content = bytes ?? readPlace(place!, maxFileBytes);
    hash = sha256(content);
    if (models) finder ??= openFaceFinder(models, 1); // one thread each: several images are worked on at once
    const { width, height, dhash, crops, hasFace } = await cutImage(content, geometry, maxPixels, await finder);
    const error = hasFace ? null : 'no face was found in it';
    return { sha256: hash, width, height, dhash, crops, state: hasFace ? 'ok' : 'no-face', error };
  } catch (error) {
    if (isMachineFault(error)) throw error; // it says nothing of this file
    const reason = (error as Error).message.split('\n')[0];
    const crops: Crop[] = [];
    const state = (error as Error).cause instanceof IrregularFileError ? 'skipped' : 'unreadable';
    return { sha256: hash, width: null, height: null, dhash: null, crops, state, error: reason };
  }
}
