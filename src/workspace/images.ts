import { fingerprint } from '../core/fingerprint.js';
import { ImageTable, type TableImage } from '../core/image-table.js';
import type { CropFacts, CroppedImage, CropRow, ImageRow } from '../core/records.js';
import { forgetResults } from './stage.js';
import { type Workspace, writeFact } from './workspace.js';

/** Adds images with their crops, all or none. */
export function insertImages(workspace: Workspace, rows: readonly ImageRow[], crops: readonly CropRow[]): void {
  const insertImage = workspace.database.prepare(
    `INSERT INTO images (id, path, identity, sha256, width, height, dhash, slot, error, state, role, place)
     VALUES (@id, @path, @identity, @sha256, @width, @height, @dhash, @slot, @error, @state, @role, @place)`,
  );
  const insertCrop = workspace.database.prepare(
    'INSERT INTO crops (slot, image, face, facts, crc) VALUES (?, ?, ?, ?, ?)',
  );
  workspace.database.transaction(() => {
    rows.forEach((row) => insertImage.run(row));
    crops.forEach(({ slot, image, face, facts, crc }) => insertCrop.run(slot, image, face, JSON.stringify(facts), crc));
  })();
}

/** Clears images and crops away for an ingest that is called `key`, all or nothing. */
export function startImages(workspace: Workspace, key: string): void {
  workspace.database.transaction(() => {
    workspace.database.exec('DELETE FROM images; DELETE FROM crops');
    forgetResults(workspace, 'ingest');
    writeFact(workspace, 'ingest:key', key);
  })();
}

/** How many images and crops there are so far. */
export const countImages = (workspace: Workspace): { images: number; crops: number } =>
  workspace.database
    .prepare('SELECT (SELECT count(*) FROM images) images, (SELECT count(*) FROM crops) crops')
    .get() as {
    images: number;
    crops: number;
  };

export const hasPath = (workspace: Workspace, path: string): boolean =>
  workspace.database.prepare('SELECT 1 FROM images WHERE path = ?').get(path) !== undefined;

/** Everything that was found in the source, by id. */
export const allImages = (workspace: Workspace): ImageRow[] =>
  workspace.database.prepare("SELECT * FROM images WHERE role = 'set' ORDER BY id").all() as ImageRow[];

/** Everything there is a row for, the reference set's too. */
export const everyImage = (workspace: Workspace): ImageRow[] =>
  workspace.database.prepare('SELECT * FROM images ORDER BY id').all() as ImageRow[];

/**
 * Images that could be read, by identity and path: the same images make the same dataset, whatever the order or the
 * format they were read in.
 */
export const croppedImages = (workspace: Workspace, role: ImageRow['role'] = 'set'): CroppedImage[] =>
  workspace.database
    .prepare('SELECT * FROM images WHERE slot IS NOT NULL AND role = ? ORDER BY identity, path')
    .all(role) as CroppedImage[];

/** The same images in columns, read one by one. */
export function croppedImageTable({ database }: Workspace): ImageTable {
  const inUse = "FROM images WHERE slot IS NOT NULL AND role = 'set'";
  const count = database.prepare(`SELECT count(*) ${inUse}`).pluck().get() as number;
  const rows = database
    .prepare(`SELECT id, path, identity, sha256, dhash, width, height, slot, state ${inUse} ORDER BY identity, path`)
    .iterate() as Iterable<TableImage>;
  return ImageTable.from(rows, count);
}

/** The image of this id that is in use. */
export const findImage = (workspace: Workspace, id: number): CroppedImage | undefined =>
  workspace.database.prepare("SELECT * FROM images WHERE id = ? AND slot IS NOT NULL AND role = 'set'").get(id) as
    CroppedImage | undefined;

/** Slot of the crop of an image's face; of its first when there is no such face. */
export const slotOfFace = (workspace: Workspace, image: number, face: number): number =>
  workspace.database
    .prepare('SELECT slot FROM crops WHERE image = ? AND face IN (0, ?) ORDER BY face DESC LIMIT 1')
    .pluck()
    .get(image, face) as number;

/** Slots of an image's crops, one for each face, the likeliest subject first. */
export const slotsOfImage = (workspace: Workspace, image: number): number[] =>
  workspace.database.prepare('SELECT slot FROM crops WHERE image = ? ORDER BY face').pluck().all(image) as number[];

/** The detector's score of the face in each of `slots`, (N), [0, 1]; 0 where it found none. */
export function faceScores(workspace: Workspace, slots: ArrayLike<number>): Float32Array {
  const rows = workspace.database
    .prepare("SELECT slot, json_extract(facts, '$.face.score') AS score FROM crops WHERE score IS NOT NULL")
    .iterate() as Iterable<{ slot: number; score: number }>;
  const scores = new Float32Array(countImages(workspace).crops);
  for (const { slot, score } of rows) scores[slot] = score;
  return Float32Array.from(slots, (slot) => scores[slot]);
}

/** Whether there is a crop in `slot`, of the set itself. */
export const hasCrop = (workspace: Workspace, slot: number): boolean =>
  workspace.database
    .prepare("SELECT 1 FROM crops JOIN images ON images.id = crops.image WHERE crops.slot = ? AND images.role = 'set'")
    .get(slot) !== undefined;

/** Crops of images with more than one face, by image and face. */
export const severalFaces = (workspace: Workspace): Iterable<FaceSlot> =>
  workspace.database
    .prepare(
      `SELECT slot, image, face FROM crops
       WHERE image IN (SELECT image FROM crops WHERE face > 0) ORDER BY image, face`,
    )
    .iterate() as Iterable<FaceSlot>;

type FaceSlot = Pick<CropRow, 'slot' | 'image' | 'face'>;

/** What is known of the crop in `slot`. */
export function factsOf(workspace: Workspace, slot: number): CropFacts | undefined {
  const facts = workspace.database.prepare('SELECT facts FROM crops WHERE slot = ?').pluck().get(slot);
  return facts === undefined ? undefined : (JSON.parse(facts as string) as CropFacts);
}

/** Identities by name; an identity's label is its place here. */
export const identitiesOf = (images: readonly { identity: string }[]): string[] =>
  [...new Set(images.map(({ identity }) => identity))].sort();

/** Names the content that later stages build on: paths, bytes and labels, and how crops were cut. */
export const datasetFingerprint = (
  images: Iterable<Pick<CroppedImage, 'path' | 'sha256' | 'identity'>>,
  crop: unknown,
  reference: string | null,
): string => fingerprint({ crop, reference, images: contentOf(images) });

function* contentOf(images: Iterable<Pick<CroppedImage, 'path' | 'sha256' | 'identity'>>): Generator<string[]> {
  for (const { path, sha256, identity } of images) yield [path, sha256, identity];
}
