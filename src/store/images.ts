import { fingerprint } from '../core/fingerprint.js';
import type { CroppedImage, ImageRow } from '../core/records.js';
import type { Workspace } from './workspace.js';

export function insertImages(workspace: Workspace, rows: readonly ImageRow[]): void {
  const insert = workspace.database.prepare(
    `INSERT INTO images VALUES (@id, @path, @identity, @sha256, @width, @height, @dhash, @slot, @error)`,
  );
  workspace.database.transaction(() => rows.forEach((row) => insert.run(row)))();
}

export function clearImages(workspace: Workspace): void {
  workspace.database.exec('DELETE FROM images');
}

/** Every ingested file, by path. */
export const allImages = (workspace: Workspace): ImageRow[] =>
  workspace.database.prepare('SELECT * FROM images ORDER BY id').all() as ImageRow[];

/** Images that could be read, in the order of their slots. */
export const croppedImages = (workspace: Workspace): CroppedImage[] =>
  workspace.database.prepare('SELECT * FROM images WHERE slot IS NOT NULL ORDER BY slot').all() as CroppedImage[];

/** Identities by name; an identity's label is its place here. */
export const identitiesOf = (images: readonly { identity: string }[]): string[] =>
  [...new Set(images.map(({ identity }) => identity))].sort();

/** Names the content that later stages build on: paths, bytes and labels, and how crops were cut. */
export const datasetFingerprint = (images: readonly CroppedImage[], crop: unknown): string =>
  fingerprint({ crop, images: images.map(({ path, sha256, identity }) => [path, sha256, identity]) });
