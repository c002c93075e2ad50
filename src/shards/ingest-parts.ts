import { crc32c } from '../core/checksum.js';
import { cropBytes } from '../core/crop-geometry.js';
import type { CropSupply } from '../model/frozen/features.js';
import type { IngestedImage } from '../workspace/ingested-images.js';
import { PartError } from './errors.js';
import { partWords } from './part-head.js';
import type { PartReader } from './part-reader.js';
import type { Plan } from './plan.js';
import { openPlannedPart } from './planned-part.js';

/** The part that ingest made of `shard`. @throws NotYetError, PartError */
export const openIngestPart = (plan: Plan, exchange: string, shard: number): PartReader =>
  openPlannedPart(plan, exchange, 'ingest', shard);

/** Number of the first crop of each shard, and after the last how many there are, (shards + 1). @throws NotYetError, PartError */
export function cropOffsets(plan: Plan, exchange: string): number[] {
  const offsets = [0];
  for (let shard = 0; shard < plan.shards; shard++) {
    const part = openIngestPart(plan, exchange, shard);
    offsets.push(offsets[shard] + part.rows('crops'));
    part.close();
  }
  return offsets;
}

/**
 * Crops `from` to `to` of the whole set, out of the parts that hold them. Each is compared with its checksum.
 * @param offsets as {@link cropOffsets}
 */
export function cropsOfParts(
  plan: Plan,
  exchange: string,
  { from, to, offsets }: { from: number; to: number; offsets: readonly number[] },
): CropSupply & { close(): void } {
  const { size } = plan.ingest.crop;
  const length = cropBytes(size);
  let open: { shard: number; part: PartReader; sums: number[] } | undefined;
  const close = (): void => {
    open?.part.close();
    open = undefined;
  };
  const holder = (crop: number): NonNullable<typeof open> => {
    if (open && crop >= offsets[open.shard] && crop < offsets[open.shard + 1]) return open;
    close();
    const shard = offsets.findIndex((_, i) => crop < offsets[i + 1]);
    const part = openIngestPart(plan, exchange, shard);
    return (open = { shard, part, sums: checksumsIn(part) });
  };
  return {
    count: to - from,
    size,
    fill(index, target, offset) {
      const { shard, part, sums } = holder(from + index);
      const own = from + index - offsets[shard];
      const crop = target.subarray(offset, offset + length);
      part.readInto('crops', own * length, crop);
      if (crc32c(crop) === sums[own]) return;
      throw new PartError(`A crop in the part "${partWords(part.head)}" is damaged.`, [
        `Make it again: facesieve shard run ${partWords(part.head)} --exchange DIR --force`,
      ]);
    },
    close,
  };
}

const checksumsIn = (part: PartReader): number[] =>
  [...part.lines('images')].flatMap((line) => (line as IngestedImage).crops.map(({ crc }) => crc));
