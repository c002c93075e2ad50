import { fileURLToPath } from 'node:url';
import { Tinypool } from 'tinypool';
import type { CropGeometry } from '../../core/crop-geometry.js';
import type { FaceModels } from '../../core/face-models.js';
import type { ImageRow } from '../../core/records.js';
import { waitForThreads } from '../../core/start-barrier.js';
import { workerUrl } from '../../core/version.js';
import type { Crop } from '../../faces/cut-image.js';
import type { Place } from '../../formats/dataset/reader.js';

export interface CropSettings {
  geometry: CropGeometry;
  maxPixels: number;
  maxFileBytes: number;
  /** Networks that find faces, when crops are cut round them. */
  models?: FaceModels;
}

/** One file to crop: where it lies, or its bytes. */
export interface CropJob {
  place?: Place;
  bytes?: Uint8Array;
}

/** What became of a file; one that cannot be used says why. */
export type CroppedFile = Pick<ImageRow, 'sha256' | 'width' | 'height' | 'dhash' | 'state' | 'error'> & {
  crops: Crop[];
};

/** Files a thread is handed at once: messages cost as much as a small crop. */
const GROUP = 8;

export interface CropPool {
  crop(jobs: readonly CropJob[]): Promise<CroppedFile[]>;
  close(): Promise<void>;
}

/** Threads that crop files. What comes out does not depend on how many there are. */
export function openCropPool(settings: CropSettings, threads: number): CropPool {
  const pool = new Tinypool({
    filename: fileURLToPath(workerUrl('crop-worker', import.meta.url)),
    runtime: 'worker_threads',
    minThreads: threads,
    maxThreads: threads,
    workerData: settings,
  });
  return {
    async crop(jobs) {
      const groups = Array.from({ length: Math.ceil(jobs.length / GROUP) }, (_, i) =>
        jobs.slice(i * GROUP, (i + 1) * GROUP).map(({ place, bytes }) => ({ place, bytes })),
      );
      return (await Promise.all(groups.map((group) => pool.run(group) as Promise<CroppedFile[]>))).flat();
    },
    async close() {
      await waitForThreads(threads, (barrier) => pool.run(barrier));
      await pool.destroy();
    },
  };
}
