import { type CropPlace, type CropSource, openCrops } from '../images/crop-source.js';
import { CropComparer, isSamePhotograph } from './compare-crops.js';
import { describeCrops } from './hog-descriptors.js';
import { fillThumbnails, type ThumbnailTable } from './thumbnail-table.js';

/** What is compared, in memory that threads share where there are several. */
export interface ComparisonSources {
  crops: CropPlace;
  thumbnails: ThumbnailTable;
  /** Correlation from which two equally light pictures are one photograph. */
  threshold: number;
}

/** Pairs of crops to compare. */
export interface CropPairs {
  /** Slots, (P): the second picture is laid onto the first. */
  firsts: Int32Array;
  seconds: Int32Array;
  /** 1: the pictures may be equal pixel by pixel, (P). */
  likely: Uint8Array;
}

/** What a thread is asked for: by slots, so that no thread is sent pixels. */
export type ComparisonTask =
  | { kind: 'thumbnails'; slots: Int32Array }
  | { kind: 'descriptors'; slots: Int32Array }
  | ({ kind: 'pairs' } & CropPairs);

/** Yields tasks for ranges of `slots`. */
export function* rangesOf(
  kind: 'thumbnails' | 'descriptors',
  slots: Int32Array,
  length: number,
): Generator<ComparisonTask> {
  for (let from = 0; from < slots.length; from += length) yield { kind, slots: slots.slice(from, from + length) };
}

/** What a pair of crops is: the value at its place in the answer to `pairs`. */
export const pairKinds = ['different', 'pixels', 'near', 'mirrored'] as const;

/** The work on one range of crops or pairs. Its results depend on nothing but the task: any thread may do it. */
export class Comparison {
  private readonly crops: CropSource & { close: () => void };
  private comparer: Promise<CropComparer> | undefined;

  constructor(private readonly sources: ComparisonSources) {
    this.crops = openCrops(sources.crops);
  }

  /** @returns descriptors (n, 128) or places in {@link pairKinds} (P); nothing for thumbnails, which lie in the table */
  async do(task: ComparisonTask): Promise<Float32Array | Uint8Array | undefined> {
    if (task.kind === 'thumbnails') return void fillThumbnails(this.sources.thumbnails, this.crops, task.slots);
    if (task.kind === 'descriptors') return describeCrops(this.crops, task.slots);
    this.comparer ??= CropComparer.open(this.crops, this.sources.thumbnails);
    return this.kindsOf(task, await this.comparer);
  }

  private async kindsOf({ firsts, seconds, likely }: CropPairs, comparer: CropComparer): Promise<Uint8Array> {
    const kinds = new Uint8Array(firsts.length);
    firsts.forEach((first, p) => {
      if (likely[p] === 1 && comparer.equal(first, seconds[p])) kinds[p] = pairKinds.indexOf('pixels');
    });
    const open = Int32Array.from(kinds.keys()).filter((p) => kinds[p] === 0);
    if (open.length === 0) return kinds;
    const similarities = await comparer.compare(
      open.map((p) => firsts[p]),
      open.map((p) => seconds[p]),
    );
    similarities.forEach((similarity, i) => {
      if (isSamePhotograph(similarity, this.sources.threshold))
        kinds[open[i]] = pairKinds.indexOf(similarity.mirrored ? 'mirrored' : 'near');
    });
    return kinds;
  }

  close(): void {
    this.crops.close();
  }
}
