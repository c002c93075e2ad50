import type { CropFacts, CropRow, ImageRow } from '../core/records.js';
import { insertImages } from './images.js';
import type { Workspace } from './workspace.js';

/** An ingested file with its crops, the likeliest subject first, without the numbers that one workspace gave them. */
export type IngestedImage = Omit<ImageRow, 'id' | 'slot'> & { crops: { facts: CropFacts; crc: number }[] };

type Joined = Omit<ImageRow, 'slot'> & { facts: string | null; crc: number };

/** Everything there is a row for, in the order it was ingested, a row at a time. */
export function* ingestedImages({ database }: Workspace): Generator<IngestedImage> {
  const rows = database
    .prepare(
      `SELECT images.id, path, identity, sha256, width, height, dhash, error, state, role, place, facts, crc
       FROM images LEFT JOIN crops ON crops.image = images.id ORDER BY images.id, crops.face`,
    )
    .iterate() as IterableIterator<Joined>;
  let current: { id: number; image: IngestedImage } | undefined;
  for (const { id, facts, crc, ...image } of rows) {
    if (current?.id !== id) {
      if (current) yield current.image;
      current = { id, image: { ...image, crops: [] } };
    }
    if (facts !== null) current.image.crops.push({ facts: JSON.parse(facts) as CropFacts, crc });
  }
  if (current) yield current.image;
}

/** Adds ingested files behind the `before` that are there, with their crops, all or none. */
export function insertIngested(
  workspace: Workspace,
  ingested: Iterable<IngestedImage>,
  before: { images: number; crops: number },
): void {
  let { images: id, crops: slot } = before;
  const rows: ImageRow[] = [];
  const cropRows: CropRow[] = [];
  for (const { crops, ...image } of ingested) {
    rows.push({ ...image, id, slot: crops.length > 0 ? slot : null });
    crops.forEach(({ facts, crc }, face) => cropRows.push({ slot: slot++, image: id, face, facts, crc }));
    id++;
  }
  insertImages(workspace, rows, cropRows);
}
